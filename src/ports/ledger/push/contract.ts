import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerWorld } from '../contract.ts';
import type { LedgerPush, NewLedgerBill, NewLedgerJournal, NewLedgerPayment, NewLedgerSubscription } from './port.ts';

const item = 'FIBER-10M';

/** What every ledger promises that gets what the hub originates; `open` gives an empty one for each test. */
export function ledgerPushContract(name: string, open: () => Promise<LedgerWorld>): void {
  describe(`what is pushed to ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const pushed = (): LedgerPush => {
      if (!world.ledger.push) throw new Error('nothing can be pushed to this ledger');
      return world.ledger.push;
    };
    describePayments(() => world, pushed);
    describeBills(() => world, pushed);
    describeOthers(() => world, pushed);
  });
}

const bill = async (world: LedgerWorld, customer: string, amount: bigint, dueDate: string): Promise<string> =>
  world.invoice({ customer, item, amount, dueDate });

const paymentOf = (customer: string, over: Partial<NewLedgerPayment> = {}): NewLedgerPayment => ({
  hubRef: 'p-1',
  customer,
  amount: 150000n,
  method: 'cash',
  paidOn: '2026-11-21',
  reference: 'KW-1',
  invoice: null,
  ...over,
});

async function balanceOf({ ledger }: LedgerWorld, customer: string) {
  const reading = await ledger.readCustomer(customer);
  if (!reading.ok) throw new Error(reading.error.detail);
  const { invoices, receipts } = reading.value;
  return {
    owed: invoices.map(({ fact }) => [fact.name, fact.outstanding]).sort(),
    had: receipts.map(({ fact }) => fact.unallocated),
  };
}

function describePayments(now: () => LedgerWorld, pushed: () => LedgerPush): void {
  it('REL-19: a payment is recorded once by its reference, however often and at once it is asked for', async () => {
    const customer = await now().customer('Budi');
    const invoice = await bill(now(), customer, 150000n, '2026-12-20');
    const both = await Promise.all([1, 2].map(() => pushed().recordPayment(paymentOf(customer))));
    const again = await pushed().recordPayment(paymentOf(customer));
    expect(again).toMatchObject({ ok: true });
    // One of two at once may be told to come again.
    for (const answer of both) {
      expect(answer.ok ? answer : again).toEqual(again);
      if (!answer.ok) expect(answer.error.reason).toBe('unreachable');
    }
    expect(await balanceOf(now(), customer)).toEqual({ owed: [], had: [] });
    const receipt = again.ok ? again.value : '';
    const fetched = await now().ledger.fetch('Payment Entry', receipt);
    expect(fetched).toMatchObject({ value: { fact: { customer, submitted: true, unallocated: 0n, pays: [invoice] } } });
  });

  it('money pays the named bill first, then what fell due first, and what is left is credit', async () => {
    const customer = await now().customer('Siti');
    const [early, late, named] = [
      await bill(now(), customer, 100000n, '2026-12-01'),
      await bill(now(), customer, 100000n, '2026-12-20'),
      await bill(now(), customer, 50000n, '2026-12-28'),
    ];
    expect(await pushed().recordPayment(paymentOf(customer, { invoice: named }))).toMatchObject({ ok: true });
    expect(await balanceOf(now(), customer)).toEqual({ owed: [[late, 100000n]], had: [] });
    await pushed().recordPayment(paymentOf(customer, { hubRef: 'p-2', method: 'transfer' }));
    expect(await balanceOf(now(), customer)).toEqual({ owed: [], had: [50000n] });
    expect(early).not.toBe(late);
  });

  it('another amount under a reference that is there is refused, and changes nothing', async () => {
    const customer = await now().customer('Agus');
    await pushed().recordPayment(paymentOf(customer));
    const other = await pushed().recordPayment(paymentOf(customer, { amount: 1n }));
    expect(other).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    expect(await balanceOf(now(), customer)).toEqual({ owed: [], had: [150000n] });
  });

  it.each(['unreachable', 'unauthorized', 'nonsense'] as const)('%s is told, and passes', async (how) => {
    const customer = await now().customer('Dewi');
    await now().fail(how);
    expect(await pushed().recordPayment(paymentOf(customer))).toMatchObject({ ok: false, error: { reason: how } });
    await now().fail(null);
    expect(await pushed().recordPayment(paymentOf(customer))).toMatchObject({ ok: true });
    expect(await balanceOf(now(), customer)).toEqual({ owed: [], had: [150000n] });
  });
}

const billOf = (customer: string, over: Partial<NewLedgerBill> = {}): NewLedgerBill => ({
  hubRef: 'i-1',
  kind: 'invoice',
  customer,
  subscription: null,
  item,
  lines: [{ description: '10 of 30 days', quantity: 1, unitPrice: 50000n }],
  periodFrom: '2026-11-21',
  periodTo: '2026-11-30',
  issuedOn: '2026-11-21',
  dueDate: '2026-12-20',
  notes: '',
  ...over,
});

function describeBills(now: () => LedgerWorld, pushed: () => LedgerPush): void {
  it('REL-19: a bill of the hub’s making is made once, submitted, with its lines and due date', async () => {
    const customer = await now().customer('Eko');
    const plan = await now().plan({ item, cost: 150000n });
    const subscription = await now().subscription({ customer, plan });
    const lines = [
      { description: '10 of 30 days', quantity: 1, unitPrice: 50000n },
      { description: 'Cable, metres', quantity: 3, unitPrice: 2500n },
    ];
    const made = await pushed().createInvoice(billOf(customer, { lines, subscription }));
    expect(await pushed().createInvoice(billOf(customer, { lines, subscription }))).toEqual(made);
    const name = made.ok ? made.value : '';
    expect(await now().ledger.fetch('Sales Invoice', name)).toMatchObject({
      value: { fact: { customer, subscription, submitted: true, dueDate: '2026-12-20', total: 57500n, items: [item] } },
    });
    expect(await balanceOf(now(), customer)).toEqual({ owed: [[name, 57500n]], had: [] });
  });

  it('a credit note of the hub’s making is the customer’s, and another total is refused', async () => {
    const customer = await now().customer('Fitri');
    await now().plan({ item, cost: 150000n });
    const credit = billOf(customer, { kind: 'credit_note', dueDate: '2026-11-21' });
    const made = await pushed().createInvoice(credit);
    expect(await balanceOf(now(), customer)).toEqual({ owed: [[made.ok ? made.value : '', -50000n]], had: [] });
    const more = [{ description: 'more', quantity: 2, unitPrice: 50000n }];
    const other = await pushed().createInvoice({ ...credit, lines: more });
    expect(other).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });
}

function describeOthers(now: () => LedgerWorld, pushed: () => LedgerPush): void {
  const line: Omit<NewLedgerSubscription, 'customer'> = {
    ...{ hubRef: 's-1', item, username: 'CKP001', billingMode: 'postpaid', dueDay: 20, startsOn: '2026-12-01' },
  };

  it('REL-19: a line becomes one subscription, on the plan that bills its item', async () => {
    const customer = await now().customer('Gita');
    const plan = await now().plan({ item, cost: 150000n });
    const made = await pushed().createSubscription({ ...line, customer });
    expect(await pushed().createSubscription({ ...line, customer })).toEqual(made);
    expect(await now().ledger.fetch('Subscription', made.ok ? made.value : '')).toMatchObject({
      value: { fact: { customer, plans: [plan], username: 'CKP001', billingMode: 'postpaid', dueDay: 20 } },
    });
  });

  it('a line whose item no plan bills is refused', async () => {
    const customer = await now().customer('Hadi');
    const refused = await pushed().createSubscription({ ...line, customer, item: 'NOWHERE' });
    expect(refused).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });

  it('law 4: naming the modem of a subscription twice changes it once, and one that is gone is refused', async () => {
    const customer = await now().customer('Joko');
    const subscription = await now().subscription({ customer, plan: await now().plan({ item, cost: 150000n }) });
    expect(await pushed().writeModem(subscription, 'ZTEGC8D2F011')).toEqual({ ok: true, value: 'written' });
    expect(await pushed().writeModem(subscription, 'ZTEGC8D2F011')).toEqual({ ok: true, value: 'unchanged' });
    expect(await pushed().writeModem(subscription, '')).toEqual({ ok: true, value: 'written' });
    const gone = await pushed().writeModem('ACC-SUB-1999-00001', 'ZTEGC8D2F011');
    expect(gone).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });

  it('REL-19: a complaint and an incentive are each made once', async () => {
    const customer = await now().customer('Indra');
    const complaint = { hubRef: 't-1', customer, subject: 'Slow', description: 'since noon' };
    const incentive = {
      ...{ hubRef: 'k-1', employee: 'HR-EMP-1', component: 'Komisi', amount: 25000n, payrollDate: '2026-11-30' },
    };
    const made = [await pushed().createIssue(complaint), await pushed().createSalary(incentive)];
    expect(made).toMatchObject([{ ok: true }, { ok: true }]);
    expect([await pushed().createIssue(complaint), await pushed().createSalary(incentive)]).toEqual(made);
    expect(await pushed().createIssue({ ...complaint, hubRef: 't-2' })).not.toEqual(made[0]);
    const more = await pushed().createSalary({ ...incentive, amount: 1n });
    expect(more).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });

  it('REL-19: a payout of commission is one journal, over the account of whoever is a supplier', async () => {
    const payout: NewLedgerJournal = {
      ...{
        hubRef: 'o-1',
        supplier: null,
        account: 'Commission on Sales',
        amount: 110000n,
        method: 'transfer' as const,
      },
      ...{ paidOn: '2026-11-21', remark: 'Commission Toko Makmur' },
    };
    const made = await pushed().createJournal(payout);
    expect(made).toMatchObject({ ok: true });
    expect(await pushed().createJournal(payout)).toEqual(made);
    const supplier = (await now().supplier?.('Toko Makmur')) ?? 'Toko Makmur';
    const owed = await pushed().createJournal({ ...payout, hubRef: 'o-2', supplier });
    expect(owed).toMatchObject({ ok: true });
    expect(owed).not.toEqual(made);
    const more = await pushed().createJournal({ ...payout, amount: 1n });
    expect(more).toMatchObject({ ok: false, error: { reason: 'rejected' } });
  });

  it('REL-19: that somebody came is told once', async () => {
    const employee = 'HR-EMP-1';
    const came = { hubRef: 'c-1', employee, kind: 'in', at: '2026-11-21 08:00:00', place: 'Kantor' } as const;
    const where = { latitude: -6.3, longitude: 107.3 };
    const made = await pushed().recordCheckIn({ ...came, ...where });
    expect(made).toMatchObject({ ok: true });
    expect(await pushed().recordCheckIn({ ...came, ...where })).toEqual(made);
    const other = await pushed().recordCheckIn({ ...came, ...where, employee: 'HR-EMP-2' });
    expect(other).toMatchObject({ ok: false, error: { reason: 'rejected' } });
    const left = { ...came, ...where, hubRef: 'c-2', kind: 'out' } as const;
    expect(await pushed().recordCheckIn(left)).not.toEqual(made);
  });
}
