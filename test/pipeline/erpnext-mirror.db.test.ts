import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addDays, localDate } from '#domain/local-time.ts';
import { getInvoice, getPayment, listInvoices, listPayments } from '#features/billing/listing.ts';
import type { Statement } from '#features/billing/payment-schema.ts';
import { readRevenue } from '#features/billing/revenue.ts';
import { readStatement } from '#features/billing/statement.ts';
import { takePayment } from '#features/billing/take-payment.ts';
import type { Adopt } from '#inbox/adopt.ts';
import { createStore } from '#inbox/store.ts';
import { createAdopt } from '#journeys/adopt.ts';
import { createLog } from '#platform/log.ts';
import { fiberItem, fiberPlan } from '#sandbox/erpnext/small-isp.ts';
import { type ErpnextStage, openErpnextStage } from './erpnext-stage.ts';
import { type TestLine, zone } from './test-hub.ts';

let stage: ErpnextStage;
/** What was there before the hub was. */
let past: { readonly bill: string; readonly payment: string; readonly entry: string };

beforeAll(async () => {
  stage = await openErpnextStage(inject('postgresUrl'));
  past = longAgo();
  const { clock, vaultOf, tenantId } = stage;
  const fetching: { adopt: Adopt } = stage.fetching;
  fetching.adopt = createAdopt({ clock, vaultOf, radiusDbOf: async () => tenantId, log: createLog('silent') });
});
afterAll(() => stage.leave());

/** A paid bill, its payment and a bank entry, an hour before the newest of their kinds, where following begins. */
function longAgo() {
  const { erp, time } = stage;
  erp.createCustomer({ customer_name: 'lampau' });
  const bills = [bill('lampau', 5), bill('lampau', 5)];
  const [settled = '', other = ''] = bills;
  const payment = erp.pay({ invoice: settled });
  const entry = erp.payByJournal({ invoice: other, amount: 150_000 });
  time.now += 3_600_000;
  erp.pay({ invoice: bill('lampau', 5) });
  return { bill: settled, payment, entry };
}

async function addLine(customer_name: string): Promise<TestLine> {
  stage.erp.createCustomer({ customer_name });
  const line = await stage.addLine(stage.tenantId, customer_name);
  const subscription = stage.erp.createSubscription({ party: customer_name, plans: [fiberPlan] });
  await stage.look('update subscriptions set erp_subscription = $2 where id = $1', [line.subscriptionId, subscription]);
  await stage.look('update service_plans set erp_item = $2 where tenant_id = $1', [stage.tenantId, fiberItem]);
  return line;
}

/** What a webhook of ERPNext says: look at this document. */
async function tell(doctype: string, name: string): Promise<void> {
  const { arrival, tenantId, steps } = stage;
  await createStore(stage.db)(arrival(tenantId, doctype, name));
  await steps.consume();
}

const erpNameOf = async ({ subscriptionId }: TestLine): Promise<unknown> => {
  const [row] = await stage.look<{ erp_customer: string }>(
    'select c.erp_customer from subscriptions s join customers c on c.id = s.customer_id where s.id = $1',
    [subscriptionId],
  );
  return row?.erp_customer;
};
const bill = (customer: string, days = -3): string =>
  stage.erp.createInvoice({
    ...{ customer, item: fiberItem, amount: 150_000 },
    due_date: addDays(localDate(stage.time.now, zone), days),
  });

describe('a customer that is renamed in ERPNext', () => {
  it('B1: its lines follow it, what was paid stays its own, and a new bill cuts it as before', async () => {
    const line = await addLine('lama');
    const paid = bill('lama');
    stage.erp.pay({ invoice: paid });
    await stage.minute(2);
    stage.erp.renameCustomer('lama', 'baru');
    await tell('Customer', 'baru');
    await stage.minute(3);
    expect(await erpNameOf(line)).toBe('baru');
    expect(await stage.stateOf(line)).toBe('active');
    bill('baru');
    await stage.minute(2);
    expect(await stage.stateOf(line)).toBe('isolated');
  });

  it('without any word of it the lines follow once the old name is looked at, and nobody is cut meanwhile', async () => {
    const line = await addLine('senyap');
    await stage.minute(2);
    stage.erp.renameCustomer('senyap', 'nyaring');
    await tell('Customer', 'senyap');
    await stage.minute(3);
    expect(await stage.stateOf(line)).toBe('active');
    expect(await erpNameOf(line)).toBe('nyaring');
  });

  it('a subscription that was given to somebody else moves nobody’s name', async () => {
    const line = await addLine('asal');
    stage.erp.createCustomer({ customer_name: 'lain' });
    await stage.minute(2);
    const [row] = await stage.look<{ erp_subscription: string }>(
      'select erp_subscription from subscriptions where id = $1',
      [line.subscriptionId],
    );
    stage.erp.update('Subscription', row?.erp_subscription ?? '', { party: 'lain' });
    await tell('Subscription', row?.erp_subscription ?? '');
    await stage.minute(3);
    expect(await erpNameOf(line)).toBe('asal');
  });
});

describe('a Journal Entry that pays a bill', () => {
  it('B2: told of it alone, the hub looks at the bill and restores; taken back, the debt comes back after it settled', async () => {
    const line = await addLine('jurnal');
    const invoice = bill('jurnal');
    await stage.minute(2);
    expect(await stage.stateOf(line)).toBe('isolated');
    const entry = stage.erp.payByJournal({ invoice, amount: 150_000 });
    await tell('Journal Entry', entry);
    await stage.settle();
    expect(await stage.stateOf(line)).toBe('active');
    const documents = await stage.look(
      `select fact -> 'pays' as pays from ledger_documents where doctype = 'Journal Entry' and name = $1 and customer = 'jurnal'`,
      [entry],
    );
    expect(documents).toEqual([{ pays: [invoice] }]);
    stage.erp.cancelJournal(entry);
    await tell('Journal Entry', entry);
    await stage.minute(1);
    expect(await stage.stateOf(line)).toBe('active');
    await stage.minute(8);
    expect(await stage.stateOf(line)).toBe('isolated');
  });
});

describe('ERPNext’s bills, as the hub shows them', () => {
  it('L1: in the form of its own, paid ones and credit notes too, by their names there, each page once', async () => {
    const line = await addLine('cermin');
    const [paid, open] = [bill('cermin', 3), bill('cermin', 9)];
    const payment = stage.erp.pay({ invoice: paid, amount: 200_000 });
    await tell('Payment Entry', payment);
    const credit = stage.erp.creditNote(open);
    for (const name of [paid, open, credit]) await tell('Sales Invoice', name);
    await stage.minute(2);
    const [customer] = await stage.look<{ id: string }>("select id from customers where erp_customer = 'cermin'", []);
    const { tenantId, time } = stage;
    const caller = { userId: tenantId, tenantId, role: 'admin' as const };
    const who = { tenantId, caller, correlationId: '-', address: '' };
    const asked = { customer_id: customer?.id ?? '', page: 1, page_size: 2, sort: 'due_date' as const };
    const listed = await stage.db.tenant(tenantId, (tx) => listInvoices(tx, who, asked, time.now));
    expect(listed.total).toBe(3);
    const second = await stage.db.tenant(tenantId, (tx) => listInvoices(tx, who, { ...asked, page: 2 }, time.now));
    const all = [...listed.data, ...second.data];
    expect(all.map(({ number }) => number).sort()).toEqual([paid, open, credit].sort());
    expect(all.find(({ number }) => number === paid)).toMatchObject({ status: 'paid', total: 150_000, outstanding: 0 });
    expect(all.find(({ number }) => number === credit)).toMatchObject({ kind: 'credit_note', outstanding: 150_000 });
    const bills = all.filter(({ kind }) => kind === 'invoice');
    expect(bills.map(({ issued_on }) => issued_on)).toEqual(bills.map(() => localDate(time.now - 2 * 60_000, zone)));
    const one = bills.find(({ number }) => number === open);
    const shown = await stage.db.tenant(tenantId, (tx) => getInvoice(tx, who, one?.id ?? '', time.now));
    expect(shown).toMatchObject({ number: open, status: 'open', customer: { id: customer?.id }, lines: [] });
    const money = { ...asked, sort: 'created_at' as const };
    const received = await stage.db.tenant(tenantId, (tx) => listPayments(tx, who, money, time.now));
    expect(received).toMatchObject({
      total: 1,
      data: [{ erp_payment: payment, amount: 200_000, allocated: 150_000, unallocated: 50_000, erp_invoice: paid }],
    });
    const id = received.data[0]?.id ?? '';
    const alone = await stage.db.tenant(tenantId, (tx) => getPayment(tx, who, id, time.now));
    expect(alone).toMatchObject({ id, status: 'paid', customer: { id: customer?.id } });
    expect(line.customer).toBe('cermin');
  });
});

const who = () => {
  const { tenantId } = stage;
  return { tenantId, caller: { userId: tenantId, tenantId, role: 'admin' as const }, correlationId: '-', address: '' };
};
const customerOf = async (name: string): Promise<string> => {
  const [row] = await stage.look<{ id: string }>('select id from customers where erp_customer = $1', [name]);
  return row?.id ?? '';
};
const statementOf = async (id: string, query = {}): Promise<Statement> =>
  stage.db.tenant(stage.tenantId, (tx) => readStatement(tx, who(), id, query));
const rowsOf = ({ entries }: Statement) => entries.map(({ kind, document, amount }) => [kind, document, amount]);

describe('a customer’s account in ERPNext, as the hub shows it', () => {
  it('L1: what was settled before the hub came is there, once, and what becomes of it is looked at', async () => {
    await stage.addLine(stage.tenantId, 'lampau');
    await stage.minute(2);
    const { entries, closing } = await statementOf(await customerOf('lampau'));
    expect(entries).toHaveLength(6);
    expect(closing).toBe(0);
    for (const document of [past.bill, past.payment, past.entry])
      expect(entries.filter((entry) => entry.document === document)).toHaveLength(1);
    const held = await stage.look<{ name: string }>(
      `select name from ledger_documents where modified = '' and not gone and name = any($1)`,
      [[past.bill, past.payment]],
    );
    expect(held).toHaveLength(2);
    stage.erp.cancelPayment(past.payment);
    await stage.minute(2);
    expect((await statementOf(await customerOf('lampau'))).closing).toBe(150_000);
  });

  it('L1: bills, credit notes, money, refunds and journal entries; what is cancelled is not; a new name keeps all of it', async () => {
    const { erp, time, tenantId } = stage;
    await addLine('rekening');
    const id = await customerOf('rekening');
    const today = localDate(time.now, zone);
    const [first, second, wrong] = [bill('rekening', 4), bill('rekening', 5), bill('rekening', 6)];
    erp.cancelInvoice(wrong);
    const amended = erp.insertAndSubmit('Sales Invoice', {
      ...{ customer: 'rekening', due_date: addDays(today, 6), amended_from: wrong },
      items: [{ item_code: fiberItem, qty: 1, rate: 140_000 }],
    });
    const paid = erp.pay({ invoice: first, amount: 200_000 });
    const bounced = erp.pay({ invoice: second, amount: 10_000 });
    erp.cancelPayment(bounced);
    const credit = erp.creditNote(second);
    const cash = { party_type: 'Customer', party: 'rekening', paid_from: 'Cash - FI', paid_to: 'Debtors - FI' };
    const refund = erp.insertAndSubmit('Payment Entry', {
      ...{ payment_type: 'Pay', ...cash, paid_amount: 30_000, received_amount: 30_000 },
    });
    const entry = erp.insertAndSubmit('Journal Entry', {
      voucher_type: 'Bank Entry',
      accounts: [
        { account: 'Debtors - FI', credit_in_account_currency: 5_000, party_type: 'Customer', party: 'rekening' },
        { account: 'Debtors - FI', debit_in_account_currency: 3_000, party_type: 'Customer', party: 'cermin' },
        { account: 'Cash - FI', debit_in_account_currency: 2_000 },
      ],
    });
    await stage.minute(2);
    const wanted = [
      ...[
        ['invoice', first, 150_000],
        ['invoice', second, 150_000],
        ['invoice', amended, 140_000],
      ],
      ...[
        ['credit_note', credit, -150_000],
        ['journal', entry, -5_000],
        ['payment', paid, -200_000],
      ],
      ['refund', refund, 30_000],
    ];
    const byName = (rows: readonly (readonly unknown[])[]) => rows.map(String).sort();
    const told = await statementOf(id);
    expect(byName(rowsOf(told))).toEqual(byName(wanted));
    expect(told.closing).toBe(115_000);
    const tomorrow = await statementOf(id, { from: addDays(today, 1) });
    expect([tomorrow.opening, tomorrow.closing, tomorrow.entries]).toEqual([115_000, 115_000, []]);

    erp.renameCustomer('rekening', 'rekening baru');
    await tell('Customer', 'rekening baru');
    await stage.minute(3);
    expect(byName(rowsOf(await statementOf(id)))).toEqual(byName(wanted));

    const month = today.slice(0, 7);
    const revenueNow = () => stage.db.tenant(tenantId, (tx) => readRevenue(tx, who(), month, time.now));
    const before = await revenueNow();
    await stage.db.tenant(tenantId, (tx) =>
      takePayment(
        tx,
        { ...who(), takenBy: null },
        { customerId: id, amount: 15_000n, method: 'cash', paidAt: new Date(time.now), idemKey: 'sekali' },
      ),
    );
    const onTheWay = await statementOf(id);
    expect(onTheWay.entries.at(-1)).toMatchObject({ kind: 'payment', amount: -15_000, on_its_way: true });
    const after = await revenueNow();
    expect(after.this_month - before.this_month).toBe(15_000);
    await stage.minute(2);
    const there = await statementOf(id);
    expect(there.closing).toBe(100_000);
    expect(there.entries.filter(({ amount }) => amount === -15_000)).toMatchObject([
      { document: expect.stringMatching(/^ACC-PAY/), on_its_way: false },
    ]);
    expect(await revenueNow()).toEqual(after);
  });
});
