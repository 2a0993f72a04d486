import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { booksFindings } from '#test/features/books-findings.ts';
import { openTill, type Payer, type Till } from '#test/features/till.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { issueInvoice } from './issue-invoice.ts';
import { settleCustomers } from './settle.ts';
import { takePayment } from './take-payment.ts';

let bridge: TestBridge;
let till: Till;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  till = await openTill(bridge);
});
afterAll(() => bridge.close());

const why = { reason: 'uji' };
const bill = ({ id, line }: Payer, amount: number) => ({
  customerId: id,
  subscriptionId: line,
  reason: 'manual' as const,
  lines: [{ description: 'Home 10', quantity: 1, unitPrice: BigInt(amount) }],
  issuedOn: '2025-02-01',
  dueDate: '2025-02-20',
});
const by = () => ({ tenantId: till.tenant.id, correlationId: 'c-1' });
const taken = ({ id }: Payer, amount: number, idemKey: string) =>
  bridge.db.worker(till.tenant.id, (tx) =>
    takePayment(
      tx,
      { ...by(), takenBy: null },
      { customerId: id, amount: BigInt(amount), method: 'qris', paidAt: new Date(till.time.now), idemKey },
    ),
  );
const ids = async (list: string, customer: string): Promise<readonly string[]> => {
  const { body } = await till.billing('GET', `/${list}?customer_id=${customer}&page_size=100`);
  return (body.data as readonly { readonly id: string }[]).map(({ id }) => id);
};

type Deed = { readonly what: number; readonly amount: number; readonly which: number };
const deed = fc.record({ what: fc.nat(7), amount: fc.integer({ min: 1, max: 300 }), which: fc.nat(30) });

/** Something that a clerk, a gateway or a bill run may do at any time; what is not possible just now is refused. */
async function attempt(payer: Payer, { what, amount, which }: Deed): Promise<number | string> {
  const one = async (list: string): Promise<string> => {
    const known = await ids(list, payer.id);
    return known[which % Math.max(1, known.length)] ?? payer.id;
  };
  const post = async (path: string, body: object): Promise<number> => (await till.billing('POST', path, body)).status;
  const deeds: readonly (() => Promise<number | string>)[] = [
    () => till.billed(payer, amount),
    async () => (await till.paid(payer, amount)).status,
    async () => (await taken(payer, 100, `kunci ${payer.id} ${which % 3}`)).paymentId,
    async () => post(`/payments/${await one('payments')}/refunds`, { amount, payment_method: 'cash', ...why }),
    async () => post(`/payments/${await one('payments')}/reverse`, why),
    async () => post(`/invoices/${await one('invoices')}/cancel`, why),
    async () => post(`/invoices/${await one('invoices')}/credit-note`, { amount, ...why }),
    () => post('/payments', { customer_id: payer.id, amount, payment_method: 'cash' }),
  ];
  return (await deeds[what]?.()) ?? 0;
}

describe('the books', () => {
  it('REL-18: bill, pay, refund, reverse, cancel and credit at once, keys repeated: they balance and agree', async () => {
    const payers = [await till.payer(), await till.payer()];
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 6 }), async (deeds) => {
        const answers = await Promise.all(deeds.map((one, i) => attempt(payers[i % 2] as Payer, one)));
        done += answers.filter((answer) => typeof answer === 'string' || answer < 300).length;
        for (const answer of answers) if (typeof answer === 'number') expect([200, 201, 404, 409]).toContain(answer);
      }),
      { numRuns: 100 },
    );
    expect(await booksFindings(bridge.look, till.tenant.id)).toEqual([]);
    expect(done).toBeGreaterThan(150);
    const [keys] = await bridge.look<{ keys: string; most: string }>(
      `select count(distinct idem_key) as keys, count(*) as most from payments where tenant_id = $1 and idem_key like 'kunci %'`,
      [till.tenant.id],
    );
    expect(keys?.keys).toBe(keys?.most);
  }, 240_000);

  it('REL-18: control: an allocation past the sums, and money in the books alone, are found', async () => {
    const other = await openTill(bridge);
    const payer = await other.payer();
    const first = await other.billed(payer, 500);
    await other.paid(payer, 200);
    expect(await booksFindings(bridge.look, other.tenant.id)).toEqual([]);
    await bridge.look(
      `insert into allocations (tenant_id, invoice_id, payment_id, amount)
       select tenant_id, $2, id, 100 from payments where tenant_id = $1`,
      [other.tenant.id, first],
    );
    await bridge.look(
      `with p as (insert into postings (tenant_id, kind, idem_key, posted_on) values ($1, 'x', 'x', '2025-02-01') returning id)
       insert into entries (tenant_id, posting_id, no, account, customer_id, amount)
       select $1::uuid, id, no, case no when 1 then 'receivable' else 'cash' end, case no when 1 then $2::uuid end, 3 - 2 * no
       from p, generate_series(1, 2) no`,
      [other.tenant.id, payer.id],
    );
    expect((await booksFindings(bridge.look, other.tenant.id)).map((one) => one.split(':')[0])).toEqual([
      'a bill that is settled by something else than its allocations',
      'a payment that is allocated to something else than its allocations',
      'a customer who owes something else in the books than by the documents',
    ]);
    await expect(
      bridge.look(
        `insert into entries (tenant_id, posting_id, no, account, amount) select tenant_id, id, 3, 'cash', 1 from postings
         where tenant_id = $1 and kind = 'x'`,
        [other.tenant.id],
      ),
    ).rejects.toThrow('sum to zero');
  }, 60_000);

  it('REL-16: control: without the customer’s lock two settle one bill twice, and only the bill’s own bound stops it', async () => {
    const payer = await till.payer();
    const { id: tenantId } = till.tenant;
    await till.billed(payer, 100);
    const pay = (key: string) =>
      bridge.look(
        `with p as (insert into postings (tenant_id, kind, idem_key, posted_on) values ($1, 'x', $3, '2025-02-01') returning id)
         insert into payments (tenant_id, customer_id, amount, method, status, due_date, payment_date, idem_key, posting_id)
         select $1, $2, 100, 'cash', 'paid', '2025-02-01', now(), $3, id from p`,
        [tenantId, payer.id, key],
      );
    await pay('satu');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let hasSettled = (): void => undefined;
    const settled = new Promise<void>((resolve) => {
      hasSettled = resolve;
    });
    const first = bridge.db.worker(tenantId, async (tx) => {
      await settleCustomers(tx, tenantId, [payer.id]);
      hasSettled();
      await held;
    });
    await settled;
    await pay('dua');
    const second = bridge.db.worker(tenantId, (tx) => settleCustomers(tx, tenantId, [payer.id])).catch(String);
    const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await bridge.look(waits)).length === 0) await sleep(20);
    release();
    await first;
    expect(await second).toContain('check constraint');
    await bridge.look(`update payments set status = 'cancelled', payment_date = null, posting_id = null
      where idem_key = 'dua'`);
  }, 60_000);
});

describe('numbers of bills', () => {
  it('L2: twenty writers at once, some of whom fail, leave no gap and no double', async () => {
    const own = await openTill(bridge);
    const { id: tenantId } = own.tenant;
    const payers = await Promise.all(Array.from({ length: 20 }, () => own.payer()));
    const write = (payer: Payer, fails: boolean) =>
      bridge.db
        .tenant(tenantId, async (tx) => {
          await issueInvoice(tx, { tenantId, correlationId: 'c-1' }, bill(payer, 1_000));
          if (fails) throw new Error('changed my mind');
        })
        .catch((error: Error) => error.message);
    const told = await Promise.all(payers.flatMap((payer, i) => [write(payer, i % 4 === 0), write(payer, false)]));
    expect(told.filter((one) => one === 'changed my mind')).toHaveLength(5);
    const numbers = await bridge.look<{ number: string }>(
      'select number from invoices where tenant_id = $1 order by serial',
      [tenantId],
    );
    expect(numbers.map(({ number }) => number)).toEqual(
      Array.from({ length: 35 }, (_, i) => `INV-2025-${String(i + 1).padStart(6, '0')}`),
    );
  }, 60_000);

  it('L2: control: the highest number and one more is given to several at once', async () => {
    const { id: tenantId } = till.tenant;
    let reading = 4;
    let go = (): void => undefined;
    const all = new Promise<void>((resolve) => {
      go = resolve;
    });
    const next = () =>
      bridge.db.tenant(tenantId, async (tx) => {
        const { rows } = await sql<{ next: bigint }>`
          select coalesce(max(serial), 0)::bigint + 1 as next from invoices where tenant_id = ${tenantId}`.execute(tx);
        reading -= 1;
        if (reading === 0) go();
        await all;
        return rows[0]?.next;
      });
    const taken = await Promise.all(Array.from({ length: 4 }, next));
    expect(new Set(taken).size).toBeLessThan(4);
  });
});
