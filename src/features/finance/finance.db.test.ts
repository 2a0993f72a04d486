import { OpenAPIHono } from '@hono/zod-openapi';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { accounts } from '#domain/accounts.ts';
import { addDays } from '#domain/local-time.ts';
import { issueInvoice, post, postBack, takePayment } from '#features/billing/verbs.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { auditRows } from '#test/features/audit-rows.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller, type Loose, shapedAs } from '#test/features/room.ts';
import { financeRoutes } from './routes.ts';
import type { Aging, AgingRow, CashFlow, ProfitAndLoss } from './schema.ts';

let room: BridgeRoom;
let tenantId: string;
let ask: Ask;
const today = '2026-11-20';
const clock = (): number => Date.parse(`${today}T05:00:00Z`);

const routes = () => financeRoutes({ db: room.db, clock, books: { post, postBack } });
const askAs = (role: string, of = tenantId): Ask => asCaller(routes(), admin(of, role));
const body = (over: object = {}) => ({
  kind: 'expense',
  category: 'Listrik',
  amount: 750_000,
  account: 'bank',
  happened_on: '2026-11-05',
  ...over,
});
const id = (answer: { readonly body: Loose }): string => String(answer.body.id);

/** The table that is downloaded, as text. */
async function csv(path: string): Promise<string> {
  const app = new OpenAPIHono<RouteEnv>();
  app.use('*', async (c, next) => {
    c.set('caller', admin(tenantId, 'finance'));
    c.set('correlationId', 'c-1');
    c.set('address', '192.0.2.1');
    await next();
  });
  app.route('/', routes());
  const answer = await app.request(path);
  expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  return answer.text();
}

let customers = 0;
async function addCustomer(name = 'Budi'): Promise<string> {
  const [row] = await room.look<{ id: string }>(
    `insert into customers (tenant_id, customer_code, name, phone, address) values ($1, $2, $3, '-', '-') returning id`,
    [tenantId, `C${++customers}`, name],
  );
  return row?.id ?? '';
}
const bill = (customerId: string, amount: number, dueDate: string) =>
  room.db.tenant(tenantId, (tx) =>
    issueInvoice(
      tx,
      { tenantId, correlationId: 'c' },
      {
        customerId,
        subscriptionId: null,
        reason: 'manual',
        lines: [{ description: 'x', quantity: 1, unitPrice: BigInt(amount) }],
        issuedOn: addDays(dueDate, -10),
        dueDate,
      },
    ),
  );
const pay = (customerId: string, amount: number, day: string) =>
  room.db.tenant(tenantId, (tx) =>
    takePayment(
      tx,
      { tenantId, correlationId: 'c', takenBy: null },
      {
        customerId,
        amount: BigInt(amount),
        method: 'cash',
        paidAt: new Date(`${day}T05:00:00Z`),
        idemKey: `k${++customers}`,
      },
    ),
  );

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  tenantId = await room.addTenant();
  ask = askAs('finance');
});

describe('expenses and other income', () => {
  it('L7, P45: one is posted, shown, listed, and taken back on its own day, once; nothing of it is ever changed', async () => {
    const made = await ask('POST', '/finance/records', body({ note: 'PLN' }));
    expect(made).toMatchObject({ status: 201, body: { state: 'posted', category: 'Listrik', amount: 750_000 } });
    const path = `/finance/records/${id(made)}`;
    expect((await ask('GET', path)).body).toEqual(made.body);
    const taken = await ask('POST', `${path}/reverse`, { reason: 'dua kali' });
    expect(taken).toMatchObject({ status: 200, body: { state: 'reversed', reverse_reason: 'dua kali' } });
    expect((await ask('POST', `${path}/reverse`, { reason: 'lagi' })).status).toBe(409);
    expect((await ask('GET', '/finance/profit-and-loss')).body).toMatchObject({ profit: 0, expenses: [] });
    expect((await ask('GET', '/finance/balance')).body).toMatchObject({ difference: 0, unbalanced_postings: 0 });
    expect((await auditRows(room.look, tenantId)).map(({ action }) => action)).toEqual(['create', 'update']);
    const role = `set local role hub_app; select set_config('app.tenant_id', '${tenantId}', true);`;
    for (const change of [`update finance_records set amount = 1`, 'delete from finance_records'])
      await expect(room.look(`begin; ${role} ${change}; commit`)).rejects.toThrow('permission denied');
    await room.look('rollback');
  });

  it('of many who take one back at once, one does', async () => {
    const { body: made } = await ask('POST', '/finance/records', body());
    const path = `/finance/records/${made.id}/reverse`;
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask('POST', path, { reason: 'x' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });

  it.each([
    ['kind', { kind: 'asset' }],
    ['category', { category: ' ' }],
    ['amount', { amount: 0 }],
    ['amount', { amount: -5 }],
    ['amount', { amount: 1.5 }],
    ['account', { account: 'receivable' }],
    ['happened_on', { happened_on: '2026-11-21' }],
    ['happened_on', { happened_on: '2026-02-30' }],
    ['note', { note: 'a\u0000' }],
  ])('P9, P16: refuses the %s of %j', async (field, over) => {
    const answer = await ask('POST', '/finance/records', body(over));
    expect(answer).toMatchObject({ status: 400, body: { details: { fields: [{ field }] } } });
  });

  it('P12: each filter leaves what matches it, and nothing else', async () => {
    const kinds = ['expense', 'other_income'] as const;
    const places = ['cash', 'bank'] as const;
    for (const [n, kind] of [...kinds, ...kinds].entries())
      for (const account of places)
        await ask(
          'POST',
          '/finance/records',
          body({ kind, account, happened_on: `2026-11-0${n + 1}`, category: `c${n % 2}` }),
        );
    const some = fc.record(
      {
        kind: fc.constantFrom(...kinds),
        account: fc.constantFrom(...places),
        category: fc.constantFrom('c0', 'c1', 'c2'),
        from: fc.constantFrom('2026-11-01', '2026-11-03'),
        to: fc.constantFrom('2026-11-02', '2026-11-04'),
        state: fc.constantFrom('posted', 'reversed'),
      },
      { requiredKeys: [] },
    );
    const { body: all } = await ask('GET', '/finance/records?page_size=100');
    const rows = shapedAs<readonly Record<string, string>[]>(all.data);
    expect(rows).toHaveLength(8);
    await fc.assert(
      fc.asyncProperty(some, async ({ from = '', to = '9', ...equal }) => {
        const query = new URLSearchParams({
          page_size: '100',
          ...equal,
          ...(from && { from }),
          ...(to !== '9' && { to }),
        });
        const { body: told } = await ask('GET', `/finance/records?${query}`);
        const wanted = rows.filter(
          (row) =>
            Object.entries(equal).every(([key, value]) => row[key] === value) &&
            String(row.happened_on) >= from &&
            String(row.happened_on) <= to,
        );
        expect(told.data).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  it('L1, L7: where ERPNext is the ledger it has the books, and the hub says so; what customers owe it knows', async () => {
    await room.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [tenantId],
    );
    const zero = '00000000-0000-4000-8000-000000000000';
    const calls: readonly [string, string, object?][] = [
      ['POST', '/finance/records', body()],
      ['GET', '/finance/records'],
      ['GET', '/finance/records?format=csv'],
      ['GET', `/finance/records/${zero}`],
      ['POST', `/finance/records/${zero}/reverse`, { reason: 'x' }],
      ['GET', '/finance/profit-and-loss'],
      ['GET', '/finance/cash-flow'],
      ['GET', '/finance/balance'],
    ];
    for (const [method, path, sent] of calls) {
      const told = await ask(method, path, sent);
      expect([path, told.status, told.body.details]).toEqual([path, 409, { ledger: 'erpnext' }]);
      expect(String(told.body.message)).toContain('ERPNext');
    }
    expect((await ask('GET', '/finance/aging')).status).toBe(200);
  });

  it('P1, P7: another tenant sees none of it, and who may not is refused', async () => {
    const { body: made } = await ask('POST', '/finance/records', body());
    const other = askAs('finance', await room.addTenant());
    expect((await other('GET', '/finance/records')).body).toMatchObject({ data: [], total: 0 });
    const missing = await other('GET', '/finance/records/00000000-0000-4000-8000-000000000000');
    expect(await other('GET', `/finance/records/${made.id}`)).toEqual(missing);
    expect((await other('POST', `/finance/records/${made.id}/reverse`, { reason: 'x' })).status).toBe(404);
    expect((await other('GET', '/finance/balance')).body).toMatchObject({ accounts: [] });
    for (const role of ['operator', 'noc', 'technician', 'reseller', 'viewer', 'hr', 'warehouse']) {
      expect((await askAs(role)('GET', '/finance/profit-and-loss')).status, role).toBe(403);
      expect((await askAs(role)('POST', '/finance/records', body())).status, role).toBe(403);
    }
  });
});

const day = fc.integer({ min: 0, max: 180 }).map((back) => addDays(today, -back));
const amount = fc.integer({ min: 1, max: 900 }).map((n) => n * 1_000);
const deed = fc.oneof(
  fc.record({ do: fc.constant('bill' as const), who: fc.nat(2), amount, day }),
  fc.record({ do: fc.constant('pay' as const), who: fc.nat(2), amount, day }),
  fc.record({
    do: fc.constantFrom('expense' as const, 'other_income' as const),
    who: fc.constantFrom(0, 1),
    amount,
    day,
    back: fc.boolean(),
  }),
);

type EntryRow = { account: string; amount: string; posted_on: string };
const entriesOf = () =>
  room.look<EntryRow>(
    `select e.account, e.amount::text, p.posted_on from entries e join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
     where e.tenant_id = $1`,
    [tenantId],
  );
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

describe('what the books say', () => {
  it('L7: whatever was billed, paid, spent and taken back, each figure is the sum of its entries, and aging that of what is owed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 5 }), day, day, async (deeds, one, other) => {
        tenantId = await room.addTenant();
        ask = askAs('finance');
        const people = [await addCustomer(), await addCustomer(), await addCustomer()];
        for (const what of deeds) {
          const who = people[what.who] ?? '';
          if (what.do === 'bill') await bill(who, what.amount, what.day);
          else if (what.do === 'pay') await pay(who, what.amount, what.day);
          else {
            const account = ['cash', 'bank'][what.who];
            const sent = body({ kind: what.do, amount: what.amount, account, happened_on: what.day });
            const made = await ask('POST', '/finance/records', sent);
            if (what.back) await ask('POST', `/finance/records/${id(made)}/reverse`, { reason: 'x' });
          }
        }
        const [from, to] = one < other ? [one, other] : [other, one];
        const entries = await entriesOf();
        const of = (kinds: readonly string[], within: (on: string) => boolean): number =>
          sum(
            entries
              .filter((entry) => kinds.includes(entry.account) && within(entry.posted_on))
              .map((entry) => Number(entry.amount)),
          );
        const named = (kind: string): readonly string[] =>
          Object.entries(accounts).flatMap(([name, is]) => (is === kind ? [name] : []));
        const inside = (on: string): boolean => on >= from && on <= to;
        const query = `from=${from}&to=${to}`;

        const profit = shapedAs<ProfitAndLoss>((await ask('GET', `/finance/profit-and-loss?${query}`)).body);
        expect(profit.profit).toBe(0 - of([...named('income'), ...named('expense')], inside));
        expect(sum(profit.income.map((line) => line.amount))).toBe(profit.total_income);
        expect(sum(profit.expenses.map((line) => line.amount))).toBe(profit.total_expenses);

        const flow = shapedAs<CashFlow>((await ask('GET', `/finance/cash-flow?${query}`)).body);
        const money = named('asset').filter((name) => name !== 'receivable');
        expect(flow.closing).toBe(of(money, (on) => on <= to));
        expect(flow.opening).toBe(of(money, (on) => on < from));
        expect(flow.opening + flow.in - flow.out).toBe(flow.closing);
        expect(sum(flow.movements.map((line) => line.in - line.out))).toBe(flow.in - flow.out);

        const aged = shapedAs<Aging>((await ask('GET', `/finance/aging?as_of=${to}&page_size=100`)).body);
        expect(aged.totals.total).toBe(of(['receivable'], (on) => on <= to));
        for (const row of [aged.totals, ...aged.data]) expect(bucketSum(row)).toBe(row.total);
        expect(sum(aged.data.map((row) => row.total))).toBe(aged.totals.total);
        expect((await ask('GET', `/finance/balance?as_of=${to}`)).body).toMatchObject({
          difference: 0,
          unbalanced_postings: 0,
        });
      }),
      { numRuns: 100 },
    );
  });

  it('L7: what is owed stands under the days since it was due; what was paid takes the oldest first', async () => {
    const customer = await addCustomer();
    const ages = [-5, 0, 30, 31, 60, 61, 90, 91];
    for (const [n, age] of ages.entries()) await bill(customer, 2 ** n * 1_000, addDays(today, -age));
    const buckets = async () => shapedAs<Aging>((await ask('GET', '/finance/aging')).body).totals;
    expect(await buckets()).toMatchObject({
      not_due: 1_000,
      days_0_30: 2_000 + 4_000,
      days_31_60: 8_000 + 16_000,
      days_61_90: 32_000 + 64_000,
      over_90: 128_000,
      credit: 0,
    });
    await pay(customer, 128_000 + 64_000 + 500, today);
    expect(await buckets()).toMatchObject({ over_90: 0, days_61_90: 31_500, days_31_60: 24_000 });
    await pay(customer, 100_000, today);
    expect(await buckets()).toMatchObject({ not_due: 0, days_0_30: 0, credit: -37_500, total: -37_500 });
  });

  it('control: aging by the bills that are open alone does not sum to what the books say once money is left over', async () => {
    const customer = await addCustomer();
    await bill(customer, 50_000, today);
    await pay(customer, 80_000, today);
    const [open] = await room.look<{ open: string }>(
      'select coalesce(sum(outstanding), 0)::text as open from invoices where tenant_id = $1',
      [tenantId],
    );
    const owed = sum(
      (await entriesOf()).filter((one) => one.account === 'receivable').map((one) => Number(one.amount)),
    );
    expect(Number(open?.open)).not.toBe(owed);
    expect(shapedAs<Aging>((await ask('GET', '/finance/aging')).body).totals.total).toBe(owed);
  });

  it('a span ends today and begins with its month where nothing is said; one that ends before it begins is refused', async () => {
    expect((await ask('GET', '/finance/cash-flow')).body).toMatchObject({ from: '2026-11-01', to: today });
    expect((await ask('GET', '/finance/profit-and-loss?to=2026-02-28')).body).toMatchObject({ from: '2026-02-01' });
    expect((await ask('GET', '/finance/profit-and-loss?from=2026-03-02&to=2026-03-01')).status).toBe(400);
  });

  it('SEC-16: no cell of any table begins like a formula', async () => {
    for (const begin of ['=', '+', '-', '@', '\t', '\r']) {
      const text = `${begin}HYPERLINK("http://x.example")`;
      await ask('POST', '/finance/records', body({ category: `${text}c`.trim(), note: text }));
      const made = await ask(
        'POST',
        '/finance/records',
        body({ kind: 'other_income', category: `x${text}`, note: text }),
      );
      await ask('POST', `/finance/records/${id(made)}/reverse`, { reason: text });
      await bill(await addCustomer(text), 1_000, today);
    }
    for (const table of ['records', 'profit-and-loss', 'cash-flow', 'aging', 'balance']) {
      const text = await csv(`/finance/${table}?format=csv`);
      expect(text.split('\r\n').length, table).toBeGreaterThan(2);
      const cells = text.replace('\uFEFF', '').split(/\r\n|,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
      for (const cell of cells) expect(cell, table).not.toMatch(/^"?(?:[=+@\t\r\0]|-(?!\d+"?$))/);
    }
  });
});

const bucketSum = (row: Omit<AgingRow, 'customer'>): number =>
  row.not_due + row.days_0_30 + row.days_31_60 + row.days_61_90 + row.over_90 + row.credit;
