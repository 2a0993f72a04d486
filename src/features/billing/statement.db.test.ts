import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupBy } from '#domain/group-by.ts';
import { addDays } from '#domain/local-time.ts';
import { agingLines } from '#features/finance/aging.ts';
import { openTill, type Till } from '#test/features/till.ts';
import { createTwoAccounts, type Deed, deeds, whoIn } from '#test/features/two-accounts.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { issueInvoice } from './issue-invoice.ts';
import type { Statement } from './payment-schema.ts';
import { readRevenue } from './revenue.ts';
import { readStatement } from './statement.ts';

let bridge: TestBridge;
let own: Till;
let elsewhere: Till;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  [own, elsewhere] = [await openTill(bridge), await openTill(bridge)];
  await bridge.look(
    `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
    [elsewhere.tenant.id],
  );
});
afterAll(() => bridge.close());

type Entry = Pick<Statement['entries'][number], 'on' | 'kind' | 'amount' | 'source_id'>;

/** In ERPNext what was cancelled never was; the own books keep both, the posting and what took it back. */
function standing(entries: readonly Entry[]): readonly Entry[] {
  const backs = entries.filter(({ kind }) => kind === 'reversal' || kind === 'cancellation');
  const undone = new Set(backs.map(({ source_id }) => source_id));
  return entries.filter(({ source_id, kind }) => kind === 'refund' || !undone.has(source_id));
}

/** What is of each day, in no order, and what is owed at its end. */
function byDay(entries: readonly Entry[], opening: number) {
  let balance = opening;
  return [...groupBy(entries, ({ on }) => on)].map(([on, some]) => {
    balance += some.reduce((sum, { amount }) => sum + amount, 0);
    return { on, balance, entries: some.map(({ kind, amount }) => `${kind} ${amount}`).sort() };
  });
}

const sumOf = (entries: readonly Entry[]): number => entries.reduce((sum, { amount }) => sum + amount, 0);

/** What the own books say of a span of days, less what was taken back. */
function wantedOf({ entries }: Statement, { from, to }: { readonly from: string; readonly to: string }) {
  const left = standing(entries);
  const opening = sumOf(left.filter(({ on }) => on < from));
  return {
    opening,
    days: byDay(
      left.filter(({ on }) => on >= from && on <= to),
      opening,
    ),
  };
}

const span = fc.record({ from: fc.nat(80), days: fc.nat(80) }).map(({ from, days }) => {
  const first = addDays('2024-12-30', from);
  return { from: first, to: addDays(first, days) };
});

async function newAccounts() {
  const payers = { own: await own.payer(), there: await elsewhere.payer() };
  const accounts = createTwoAccounts(bridge, own, elsewhere, payers);
  await accounts.link();
  return { ...payers, run: accounts.run };
}

const statement = (till: Till, customerId: string, query = {}): Promise<Statement> =>
  bridge.db.tenant(till.tenant.id, (tx) => readStatement(tx, whoIn(till), customerId, query));
const revenue = (till: Till, month: string) =>
  bridge.db.tenant(till.tenant.id, (tx) => readRevenue(tx, whoIn(till), month, till.time.now));
const agingOf = async (till: Till, customerId: string) => {
  const all = { limit: null, offset: 0 };
  const lines = await bridge.db.tenant(till.tenant.id, (tx) => agingLines(tx, till.tenant.id, '2025-04-15', all));
  const { id: _, code: _code, name: _name, ...buckets } = lines.find(({ id }) => id === customerId) ?? {};
  return buckets;
};

/** Money that the hub has and ERPNext shows, both counted: the mirror without the link between them. */
const naiveBalance = async (customerId: string): Promise<number> => {
  const [row] = await bridge.look<{ sum: string }>(
    `select sum(amount) as sum from (
       select case fact ->> 'kind' when 'invoice' then (fact ->> 'total')::bigint when 'refund' then (fact ->> 'amount')::bigint
         else -(fact ->> 'amount')::bigint end as amount
       from ledger_documents d join customers c on c.tenant_id = d.tenant_id and c.erp_customer = d.customer
       where c.id = $1 and (fact ->> 'submitted')::boolean
       union all select -amount from payments where customer_id = $1 and status = 'paid') as all_of_it`,
    [customerId],
  );
  return Number(row?.sum ?? 0);
};

describe('one history in either ledger', () => {
  it('L1, L2: the statement off the mirror of ERPNext is that off the own books, whatever way money is on', async () => {
    let pair = await newAccounts();
    let runs = 0;
    let naiveWrong = 0;
    const history = fc.record({ done: deeds, asked: span });
    const check = async ({ done, asked }: { done: readonly Deed[]; asked: { from: string; to: string } }) => {
      if (runs % 10 === 9) pair = await newAccounts();
      runs += 1;
      await pair.run(done);
      const books = await statement(own, pair.own.id);
      const told = await statement(elsewhere, pair.there.id, asked);
      const { opening, days } = wantedOf(books, asked);
      expect(told.opening).toBe(opening);
      expect(byDay(told.entries, told.opening)).toEqual(days);
      expect(told.closing).toBe(opening + sumOf(told.entries));
      let balance = told.opening;
      for (const entry of told.entries) {
        balance += entry.amount;
        expect(entry.balance).toBe(balance);
      }
      expect((await statement(elsewhere, pair.there.id)).closing).toBe(books.closing);
      if ((await naiveBalance(pair.there.id)) !== books.closing) naiveWrong += 1;
    };
    await fc.assert(fc.asyncProperty(history, check), { numRuns: 100, endOnFailure: true });
    expect(naiveWrong).toBeGreaterThan(20);
  }, 240_000);

  it('P41, P42, L7: and so are the revenue of each month with its growth, and what is owed by age', async () => {
    for (const month of ['2025-01', '2025-02', '2025-03', '2025-04'])
      expect(await revenue(elsewhere, month)).toEqual(await revenue(own, month));
    const pair = await newAccounts();
    const bill = { what: 'bill', amount: 100_000, which: 0, way: 'seen' } as const;
    const pay = { ...bill, what: 'pay', amount: 130_000, day: 60 } as const;
    await pair.run([{ ...bill, day: 3 }, { ...bill, day: 50 }, pay, { ...pay, what: 'credit', amount: 20_000 }]);
    const [there, here] = [await agingOf(elsewhere, pair.there.id), await agingOf(own, pair.own.id)];
    expect(there).toEqual(here);
    expect(there).toMatchObject({ days_31_60: 50_000n, total: 50_000n });
  });

  it('L1: money that ERPNext was not seen to have is said to be on its way, and the name there is told once it was', async () => {
    const pair = await newAccounts();
    const pay = { what: 'pay', amount: 10_000, day: 5, which: 0 } as const;
    await pair.run([
      { ...pay, way: 'on its way' },
      { ...pay, way: 'pushed' },
      { ...pay, way: 'seen as a draft' },
      { ...pay, way: 'seen' },
      { ...pay, way: 'seen by its reference' },
      { ...pay, way: 'entered there' },
    ]);
    const { entries, closing } = await statement(elsewhere, pair.there.id);
    expect(entries.map(({ on_its_way }) => on_its_way).sort()).toEqual([false, false, false, true, true, true]);
    for (const { document, on_its_way } of entries) expect(document?.startsWith('ACC-PAY') ?? false).toBe(!on_its_way);
    expect(closing).toBe(-60_000);
  });

  it('L1: bills in the hub go on counting for whoever is none of ERPNext’s, until there is a customer there', async () => {
    const { id, line } = await elsewhere.payer();
    const lines = [{ description: 'Home 10', quantity: 1, unitPrice: 70_000n }];
    const bill = { customerId: id, subscriptionId: line, reason: 'manual', lines } as const;
    await bridge.db.tenant(elsewhere.tenant.id, (tx) =>
      issueInvoice(tx, whoIn(elsewhere), { ...bill, issuedOn: '2025-01-05', dueDate: '2025-01-20' }),
    );
    expect((await statement(elsewhere, id)).closing).toBe(70_000);
    await bridge.look(`update customers set erp_customer = 'Sari' where id = $1`, [id]);
    expect((await statement(elsewhere, id)).entries).toEqual([]);
  });
});
