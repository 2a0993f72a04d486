import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decideLine } from '#access/decide-lines.ts';
import { growthPercent } from '#domain/growth.ts';
import { openTill, type Payer, type Till } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { officeTime } from '#test/setup/office.ts';
import { accountOf, forgetPaymentNotes, post } from './verbs.ts';

const dayMs = 86_400_000;
let bridge: TestBridge;
let till: Till;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  till = await openTill(bridge);
});
afterAll(() => bridge.close());

/** Does something at another time. */
async function at<T>(now: number, work: () => Promise<T>): Promise<T> {
  till.time.now = now;
  try {
    return await work();
  } finally {
    till.time.now = officeTime;
  }
}
const stateOf = async ({ line }: Payer): Promise<string | undefined> =>
  (await bridge.look<{ state: string }>('select state from access where subscription_id = $1', [line]))[0]?.state;

describe('payments', () => {
  it('P18, P19, P20, P21: dated ones are paid; others are due on the billing day, overdue after it, paid now', async () => {
    const payers = await Promise.all([3, 20, 31].map((due_date) => till.payer({ due_date })));
    // What is paid without a bill would meet the next demand.
    const giver = await till.payer();
    const amount = fc.integer({ min: 1, max: 5_000_000 });
    await fc.assert(
      fc.asyncProperty(fc.nat(2), amount, fc.nat(59), fc.nat(2_000), async (which, sum, days, agoMinutes) => {
        const paidAt = new Date(officeTime - agoMinutes * 60_000).toISOString();
        const paid = await till.paid(giver, sum, { payment_date: paidAt });
        expect(paid.body).toMatchObject({ status: 'paid', amount: sum, payment_date: paidAt });
        const due = `2025-02-${['03', '20', '28'][which]}`;
        const demand = { customer_id: payers[which]?.id, amount: sum, payment_method: 'transfer', notes: 'Februari' };
        const asked = await till.billing('POST', '/payments', demand);
        expect(asked.body).toMatchObject({ due_date: due, payment_date: null, allocated: 0, unallocated: 0 });
        const later = officeTime + days * dayMs;
        const today = new Date(later + 7 * 3_600_000).toISOString().slice(0, 10);
        const one = `/payments/${asked.body.id}`;
        const shown = await at(later, () => till.billing('GET', one));
        expect(shown.body.status).toBe(today > due ? 'overdue' : 'pending');
        const set = await at(later, () => till.billing('PATCH', one, { status: 'paid' }));
        expect(set).toMatchObject({
          status: 200,
          body: { status: 'paid', payment_date: new Date(later).toISOString(), allocated: sum, unallocated: 0 },
        });
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('L3: a demand that credit meets, or whose bill is paid otherwise, demands nothing any more', async () => {
    const payer = await till.payer();
    const demand = { customer_id: payer.id, amount: 70_000, payment_method: 'transfer' };
    await till.paid(payer, 70_000);
    expect((await till.billing('POST', '/payments', demand)).body).toMatchObject({ status: 'cancelled' });
    const second = (await till.billing('POST', '/payments', demand)).body;
    expect(second).toMatchObject({ status: 'pending' });
    await till.paid(payer, 70_000);
    expect((await till.billing('GET', `/payments/${second.id}`)).body).toMatchObject({ status: 'cancelled' });
    expect((await till.billing('PATCH', `/payments/${second.id}`, { status: 'paid' })).status).toBe(409);
  });

  it('P9, P16: a field that is missing, and an amount that is not above zero, are refused and named', async () => {
    const { id } = await till.payer();
    const good = { customer_id: id, amount: 1, payment_method: 'cash', payment_date: '2025-01-31' };
    const fields = (answer: { readonly body: Record<string, unknown> }): string[] =>
      Object(answer.body.details).fields.map(({ field }: { field: string }) => field);
    for (const missing of ['customer_id', 'amount', 'payment_method']) {
      const { [missing]: _, ...rest } = good as Record<string, unknown>;
      const answer = await till.billing('POST', '/payments', rest);
      expect([answer.status, fields(answer)]).toEqual([400, [missing]]);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.integer({ max: 0 }),
          fc.double({ min: 0.01, max: 9.99 }).filter((n) => n % 1 !== 0),
        ),
        async (amount) => {
          const answer = await till.billing('POST', '/payments', { ...good, amount });
          expect([answer.status, fields(answer)]).toEqual([400, ['amount']]);
        },
      ),
      { numRuns: 100 },
    );
    const nobody = await till.billing('POST', '/payments', { ...good, customer_id: randomUUID() });
    expect(nobody.status).toBe(404);
    const tomorrow = await till.billing('POST', '/payments', { ...good, payment_date: '2025-02-02' });
    expect([tomorrow.status, fields(tomorrow)]).toEqual([400, ['payment_date']]);
  }, 60_000);

  it('L2: what is paid too much is credit, which settles the next bill when it is issued', async () => {
    const payer = await till.payer();
    const first = await till.billed(payer, 100_000);
    const paid = await till.paid(payer, 130_000);
    expect(paid.body).toMatchObject({ allocated: 100_000, unallocated: 30_000, settles: [{ invoice_id: first }] });
    const next = await till.billed(payer, 50_000);
    expect((await till.billing('GET', `/invoices/${next}`)).body).toMatchObject({
      settled: 30_000,
      outstanding: 20_000,
      status: 'open',
      settled_by: [{ payment_id: paid.body.id, amount: 30_000 }],
    });
  });

  it('REL-16: many who pay one bill at once settle it once, and the rest is credit that the answers tell', async () => {
    const payer = await till.payer();
    const bill = await till.billed(payer, 100_000);
    const answers = await Promise.all(Array.from({ length: 12 }, () => till.paid(payer, 40_000, { invoice_id: bill })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 201));
    const allocated = answers.map(({ body }) => Number(body.allocated)).sort((a, b) => b - a);
    expect(allocated).toEqual([40_000, 40_000, 20_000, ...Array.from({ length: 9 }, () => 0)]);
    for (const { body } of answers) expect(Number(body.allocated) + Number(body.unallocated)).toBe(40_000);
    expect((await till.billing('GET', `/invoices/${bill}`)).body).toMatchObject({ settled: 100_000, status: 'paid' });
  });
});

describe('bills', () => {
  it('L2: credit, cancellation, refund and reversal leave what the statement says', async () => {
    const payer = await till.payer();
    const bill = await till.billed(payer, 90_001);
    const why = { reason: 'salah' };
    const part = await till.billing('POST', `/invoices/${bill}/credit-note`, { amount: 30_000, ...why });
    expect(part.body).toMatchObject({ kind: 'credit_note', number: 'CN-2025-000001', total: 30_000, against: bill });
    expect((await till.billing('POST', `/invoices/${bill}/cancel`, why)).status).toBe(409);
    expect((await till.billing('POST', `/invoices/${bill}/credit-note`, { amount: 60_002, ...why })).status).toBe(409);
    const paid = await till.paid(payer, 100_000);
    expect(paid.body).toMatchObject({ allocated: 60_001, unallocated: 39_999 });
    const refund = { amount: 40_000, payment_method: 'transfer', ...why };
    expect((await till.billing('POST', `/payments/${paid.body.id}/refunds`, refund)).status).toBe(409);
    const back = await till.billing('POST', `/payments/${paid.body.id}/refunds`, { ...refund, amount: 9_999 });
    expect(back).toMatchObject({ status: 201, body: { refunded: 9_999, unallocated: 30_000 } });
    expect((await till.billing('POST', `/payments/${paid.body.id}/reverse`, why)).status).toBe(409);
    expect((await till.billing('POST', `/invoices/${part.body.id}/cancel`, why)).status).toBe(200);
    const statement = (await till.billing('GET', `/customers/${payer.id}/statement`)).body;
    expect(statement).toMatchObject({
      opening: 0,
      closing: 0,
      entries: [
        { kind: 'invoice', amount: 90_001, balance: 90_001 },
        { kind: 'credit_note', amount: -30_000, balance: 60_001 },
        { kind: 'payment', amount: -100_000, balance: -39_999 },
        { kind: 'refund', amount: 9_999, balance: -30_000 },
        { kind: 'cancellation', document: 'CN-2025-000001', amount: 30_000, balance: 0 },
      ],
    });
  });

  it('B3: who has paid is let in by the commit that takes the money; a payment taken back cuts after five minutes', async () => {
    const payer = await till.payer();
    await till.billed(payer, 150_000, { due_date: '2025-02-20' });
    const cut = Date.parse('2025-02-20T17:01:00Z');
    const decide = (now: number) =>
      bridge.db
        .worker(till.tenant.id, async (tx) => {
          const row = { tenant_id: till.tenant.id, subscription_id: payer.line, correlation_id: 'c', cause: 'test' };
          await tx
            .insertInto('dirty_lines')
            .values(row)
            .onConflict((c) => c.doNothing())
            .execute();
        })
        .then(() => decideLine(bridge.db, () => now, till.tenant.id, payer.line));
    await decide(cut - 60_000);
    expect(await stateOf(payer)).toBe('active');
    await decide(cut);
    expect(await stateOf(payer)).toBe('isolated');
    const paid = await at(cut + 1_000, () => till.paid(payer, 150_000));
    const [together] = await bridge.look<{ same: boolean; state: string; marks: bigint }>(
      `select a.state, a.xmin::text = p.xmin::text as same, (select count(*) from dirty_lines where subscription_id = $1) as marks
       from access a, payments p where a.subscription_id = $1 and p.id = $2`,
      [payer.line, paid.body.id],
    );
    expect(together).toEqual({ state: 'active', same: true, marks: '0' });
    const reversed = cut + 2_000;
    await at(reversed, () => till.billing('POST', `/payments/${paid.body.id}/reverse`, { reason: 'cek kosong' }));
    expect(await stateOf(payer)).toBe('active');
    await decide(reversed + 299_000);
    expect(await stateOf(payer)).toBe('active');
    await decide(reversed + 300_000);
    expect(await stateOf(payer)).toBe('isolated');
  });

  it('R4: a prepaid line waits for its first payment, and is served once a bill of it is paid in full', async () => {
    const payer = await till.payer({ billing_mode: 'prepaid' });
    expect(await stateOf(payer)).toBe('pending');
    const [bill] = await bridge.look<{ id: string; total: number }>(
      'select id, total::int from invoices where customer_id = $1',
      [payer.id],
    );
    expect(bill?.total).toBe(150_000);
    await till.paid(payer, 149_999);
    expect(await stateOf(payer)).toBe('pending');
    await till.paid(payer, 1, { invoice_id: bill?.id });
    expect(await stateOf(payer)).toBe('active');
  });
});

describe('a person who is erased', () => {
  it('SEC-28: what was noted with its money goes, amounts and numbers stay; its export holds both before', async () => {
    const payer = await till.payer();
    await till.billed(payer, 10_000, { notes: 'rumah Pak Budi' });
    await till.paid(payer, 12_000, { notes: 'dititip Bu Budi', reference: 'TRX BUDI' });
    const account = () => bridge.db.tenant(till.tenant.id, (tx) => accountOf(tx, till.tenant.id, payer.id));
    expect(JSON.stringify(await account()).match(/Budi|BUDI/g)).toHaveLength(3);
    await bridge.db.tenant(till.tenant.id, (tx) => forgetPaymentNotes(tx, till.tenant.id, payer.id));
    expect(await account()).toMatchObject({
      invoices: [{ number: expect.stringMatching(/^INV-/), total: 10_000, notes: '' }],
      payments: [{ amount: 12_000, notes: '', reference: null }],
    });
  });
});

describe('where ERPNext is the ledger', () => {
  it('L1: it makes the bills and keeps the accounts; money received is taken here, once, and goes there', async () => {
    const other = await openTill(bridge);
    const payer = await other.payer();
    const { id: tenantId } = other.tenant;
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [tenantId],
    );
    const bill = { customer_id: payer.id, lines: [{ description: 'x', unit_price: 1 }] };
    const demand = { customer_id: payer.id, amount: 1, payment_method: 'cash' };
    const elsewhere = [
      await other.billing('POST', '/invoices', bill),
      await other.billing('POST', '/payments', demand),
    ];
    for (const { status, body } of elsewhere)
      expect([status, body.message]).toEqual([409, expect.stringMatching('ERPNext')]);
    const unknown = await other.paid(payer, 5_000, { erp_invoice: 'ACC-SINV-9' });
    expect(unknown.status).toBe(400);
    const paid = await other.paid(payer, 5_000);
    expect(paid.body).toMatchObject({ status: 'paid', allocated: 0, unallocated: 5_000, erp_payment: null });
    expect((await other.billing('POST', `/payments/${paid.body.id}/reverse`, { reason: 'x' })).status).toBe(409);
    const { body: statement } = await other.billing('GET', `/customers/${payer.id}/statement`);
    expect(statement).toMatchObject({ closing: -5_000, entries: [{ source_id: paid.body.id, on_its_way: true }] });
    expect((await other.billing('GET', '/billing/revenue')).body).toMatchObject({ this_month: 5_000, last_month: 0 });
    const out = `select intent from outbox where tenant_id = $1 and kind = 'ledger.payment'`;
    expect(await bridge.look(out, [tenantId])).toEqual([
      { intent: { kind: 'ledger.payment', paymentId: paid.body.id } },
    ]);
    const posted = 'select count(*)::int as postings from postings where tenant_id = $1';
    expect(await bridge.look(posted, [tenantId])).toEqual([{ postings: 0 }]);
  });
});

/** The sale of a voucher, as its redeeming books it, on that day in Jakarta. */
const soldVoucher = ({ tenant }: Till, amount: number, at: Date): Promise<unknown> =>
  bridge.db.tenant(tenant.id, (tx) =>
    post(tx, tenant.id, [
      {
        ...{ kind: 'voucher', idemKey: `voucher ${randomUUID()}`, sourceId: null, postedBy: null },
        postedOn: new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 10),
        entries: [
          { account: 'cash', amount: BigInt(amount) },
          { account: 'revenue', amount: -BigInt(amount) },
        ],
      },
    ]),
  );

describe('revenue', () => {
  it('P41, P42: of a month it is the sum of what was paid in it, and growth has an answer for nothing before', async () => {
    const own = await openTill(bridge);
    const payer = await own.payer();
    const paidIn = new Map<string, number>();
    const revenue = async (month: string) => (await own.billing('GET', `/billing/revenue?month=${month}`)).body;
    const pay = (amount: number, at: Date) => own.paid(payer, amount, { payment_date: at.toISOString() });
    const take = {
      paid: pay,
      'taken back': async (amount: number, at: Date) =>
        own.billing('POST', `/payments/${(await pay(amount, at)).body.id}/reverse`, { reason: 'cek kosong' }),
      'for a voucher': (amount: number, at: Date) => soldVoucher(own, amount, at),
    };
    const kind = fc.constantFrom('paid' as const, 'paid' as const, 'taken back' as const, 'for a voucher' as const);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 900_000 }), fc.nat(100), kind, async (amount, daysAgo, how) => {
        const when = officeTime - daysAgo * dayMs;
        const month = new Date(when + 7 * 3_600_000).toISOString().slice(0, 7);
        await take[how](amount, new Date(when));
        paidIn.set(month, (paidIn.get(month) ?? 0) + (how === 'taken back' ? 0 : amount));
        const [year = 0, number = 0] = month.split('-').map(Number);
        const before = new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
        const last = paidIn.get(before) ?? 0;
        const now = paidIn.get(month) ?? 0;
        expect(await revenue(month)).toMatchObject({ month, this_month: now, last_month: last });
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (now, last) => {
        const exact = (Number(now - last) / Number(last)) * 100;
        expect(Math.abs((growthPercent(now, last) ?? Number.NaN) - exact)).toBeLessThanOrEqual(
          0.0051 + Math.abs(exact) * 1e-9,
        );
        expect(growthPercent(now, 0n)).toBeNull();
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
