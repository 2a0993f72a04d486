import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Erpnext } from '../create-erpnext.ts';
import { alice, fiberItem, fiberPlan, smallIsp } from '../small-isp.ts';

let erp: Erpnext;
let now: Date;
const noon = (day: string): Date => new Date(`${day}T05:00:00Z`);

beforeEach(async () => {
  now = noon('2026-11-21');
  erp = await smallIsp({ now: () => now });
});
afterEach(() => erp.stop());

const bill = (amount = 150_000, due_date = '2026-11-28'): string =>
  erp.createInvoice({ customer: alice, item: fiberItem, amount, due_date });
const state = (name: string): unknown[] => {
  const { status, outstanding_amount } = erp.get('Sales Invoice', name);
  return [status, outstanding_amount];
};

describe('what an invoice owes', () => {
  it('all of it once submitted; a draft binds nobody', () => {
    const draft = erp.createInvoice({
      customer: alice,
      item: fiberItem,
      amount: 150_000,
      due_date: '2026-11-28',
      submit: false,
    });
    expect(erp.get('Sales Invoice', draft)).toMatchObject({ status: 'Draft', docstatus: 0 });
    expect(state(bill())).toEqual(['Unpaid', 150_000]);
  });

  it('less with each payment, and again more when one is cancelled; `modified` moves each time', () => {
    const invoice = bill();
    const seen = [erp.get('Sales Invoice', invoice).modified];
    const first = erp.pay({ invoice, amount: 50_000 });
    expect(state(invoice)).toEqual(['Partly Paid', 100_000]);
    seen.push(erp.get('Sales Invoice', invoice).modified);
    erp.pay({ invoice });
    expect(state(invoice)).toEqual(['Paid', 0]);
    seen.push(erp.get('Sales Invoice', invoice).modified);
    erp.cancelPayment(first);
    expect(state(invoice)).toEqual(['Partly Paid', 50_000]);
    seen.push(erp.get('Sales Invoice', invoice).modified);
    expect(seen).toEqual([...new Set(seen)].sort());
  });

  it('stays in `outstanding_amount` alone: `paid_amount` and the terms never tell of payments', () => {
    const invoice = bill();
    erp.pay({ invoice });
    const doc = erp.get('Sales Invoice', invoice);
    expect(doc.paid_amount).toBe(0);
    expect(doc.payment_schedule).toMatchObject([{ outstanding: 150_000, paid_amount: 0, payment_amount: 150_000 }]);
  });

  it('rounds to whole units', () => {
    expect(erp.get('Sales Invoice', bill(149_999.6))).toMatchObject({
      grand_total: 149_999.6,
      rounded_total: 150_000,
      outstanding_amount: 150_000,
    });
  });

  it('any order of payments and cancellations leaves total − what is still paid', async () => {
    const amounts = fc.array(fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.boolean()), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(amounts, async (payments) => {
        const invoice = bill(400_000);
        const names = payments.map(([amount]) => erp.pay({ invoice, amount }));
        payments.forEach(([, cancelled], index) => {
          if (cancelled) erp.cancelPayment(names[index] ?? '');
        });
        const paid = payments.reduce((sum, [amount, cancelled]) => (cancelled ? sum : sum + amount), 0);
        expect(erp.get('Sales Invoice', invoice).outstanding_amount).toBe(400_000 - paid);
      }),
      { numRuns: 100 },
    );
  });

  it('a cancelled invoice keeps its outstanding amount and frees its payment', () => {
    const invoice = bill();
    const payment = erp.pay({ invoice, amount: 50_000 });
    erp.cancelInvoice(invoice);
    expect(state(invoice)).toEqual(['Cancelled', 100_000]);
    expect(erp.get('Payment Entry', payment)).toMatchObject({ references: [], unallocated_amount: 50_000 });
  });
});

describe('overdue', () => {
  it('starts on the day after the due date, and only the daily job writes it down', () => {
    const invoice = bill(150_000, '2026-11-28');
    now = noon('2026-11-28');
    erp.dailyJob();
    expect(state(invoice)).toEqual(['Unpaid', 150_000]);
    now = noon('2026-11-29');
    const before = erp.get('Sales Invoice', invoice).modified;
    expect(state(invoice)).toEqual(['Unpaid', 150_000]);
    erp.dailyJob();
    expect(state(invoice)).toEqual(['Overdue', 150_000]);
    expect(erp.get('Sales Invoice', invoice).modified).toBe(before);
  });

  it('is at once when submitted with a due date in the past', () => {
    expect(state(bill(150_000, '2026-11-20'))).toEqual(['Overdue', 150_000]);
    expect(state(bill(150_000, '2026-11-21'))).toEqual(['Unpaid', 150_000]);
  });

  it('with several terms, when less is paid than the terms ask that are due', () => {
    const invoice = erp.createInvoice({
      customer: alice,
      item: fiberItem,
      amount: 100_000,
      due_date: '2026-11-25',
      terms: [
        { due_date: '2026-11-25', amount: 60_000 },
        { due_date: '2026-12-25', amount: 40_000 },
      ],
    });
    expect(erp.get('Sales Invoice', invoice).due_date).toBe('2026-12-25');
    erp.pay({ invoice, amount: 60_000 });
    now = noon('2026-11-26');
    erp.dailyJob();
    expect(state(invoice)).toEqual(['Partly Paid', 40_000]);
    now = noon('2026-12-26');
    erp.dailyJob();
    expect(state(invoice)).toEqual(['Overdue', 40_000]);
  });
});

describe('money beside the invoice', () => {
  it('an advance is unallocated until it is reconciled', () => {
    const invoice = bill();
    const payment = erp.advance({ customer: alice, amount: 200_000 });
    expect(state(invoice)).toEqual(['Unpaid', 150_000]);
    expect(erp.get('Payment Entry', payment).unallocated_amount).toBe(200_000);
    erp.allocate({ payment, invoice });
    expect(state(invoice)).toEqual(['Paid', 0]);
    expect(erp.get('Payment Entry', payment).unallocated_amount).toBe(50_000);
  });

  it('too much stays unallocated', () => {
    const payment = erp.pay({ invoice: bill(), amount: 170_000 });
    expect(erp.get('Payment Entry', payment)).toMatchObject({
      total_allocated_amount: 150_000,
      unallocated_amount: 20_000,
    });
  });

  it('a credit note stands for itself: the original stays unpaid', () => {
    const invoice = bill();
    const note = erp.creditNote(invoice);
    expect(state(note)).toEqual(['Return', -150_000]);
    expect(state(invoice)).toEqual(['Unpaid', 150_000]);
  });

  it('a credit note may settle the original, and gives the debt back when cancelled', () => {
    const invoice = bill();
    const note = erp.creditNote(invoice, { settleOriginal: true });
    expect(state(note)).toEqual(['Return', 0]);
    expect(state(invoice)).toEqual(['Credit Note Issued', 0]);
    erp.cancelInvoice(note);
    expect(state(invoice)).toEqual(['Unpaid', 150_000]);
  });

  it('a journal entry pays an invoice too', () => {
    const invoice = bill();
    const journal = erp.payByJournal({ invoice, amount: 150_000 });
    expect(state(invoice)).toEqual(['Paid', 0]);
    erp.cancelJournal(journal);
    expect(state(invoice)).toEqual(['Unpaid', 150_000]);
  });
});

describe('a subscription', () => {
  it('follows its invoices a day late: Unpaid only at a daily run, and still Unpaid after the payment', () => {
    const subscription = erp.createSubscription({ party: alice, plans: [fiberPlan] });
    const invoice = erp.createInvoice({
      customer: alice,
      item: fiberItem,
      amount: 150_000,
      due_date: '2026-11-21',
      subscription,
    });
    const status = (): unknown => erp.get('Subscription', subscription).status;
    expect(status()).toBe('Active');
    erp.dailyJob();
    expect(status()).toBe('Past Due Date');
    now = noon('2026-11-22');
    erp.dailyJob();
    expect(status()).toBe('Unpaid');
    erp.pay({ invoice });
    expect(status()).toBe('Unpaid');
    erp.dailyJob();
    expect(status()).toBe('Active');
  });

  it('takes the hub’s fields, whose unset values are null and 0', () => {
    const bare = erp.get('Subscription', erp.createSubscription({ party: alice, plans: [fiberPlan] }));
    expect(bare).toMatchObject({ jembatan_billing_mode: null, jembatan_due_day: 0, jembatan_username: null });
    const name = erp.createSubscription({
      party: alice,
      plans: [fiberPlan],
      jembatan_billing_mode: 'prepaid',
      jembatan_due_day: 5,
    });
    erp.update('Subscription', name, { jembatan_username: 'ckp001' });
    expect(erp.get('Subscription', name)).toMatchObject({
      jembatan_billing_mode: 'prepaid',
      jembatan_due_day: 5,
      jembatan_username: 'ckp001',
      current_invoice_start: '2026-11-21',
      current_invoice_end: '2026-12-20',
    });
  });
});
