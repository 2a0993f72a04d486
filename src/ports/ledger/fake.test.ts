import { describe, expect, it } from 'vitest';
import type { Invoice, LedgerFact, LedgerSubscription, Receipt } from '#domain/facts.ts';
import { type LedgerWorld, ledgerContract } from './contract.ts';
import { createFakeLedger, type FakeLedger } from './fake.ts';
import { ledgerPushContract } from './push-contract.ts';

const now = (): Date => new Date('2026-11-21T00:00:00Z');

const invoiceOf = (fake: FakeLedger, name: string): Invoice => holding(fake.get('Sales Invoice', name), 'invoice');
const receiptOf = (fake: FakeLedger, name: string): Receipt => holding(fake.get('Payment Entry', name), 'receipt');
const subscriptionOf = (fake: FakeLedger, name: string): LedgerSubscription =>
  holding(fake.get('Subscription', name), 'subscription');

function holding<K extends LedgerFact['kind']>(
  fact: LedgerFact | undefined,
  kind: K,
): Extract<LedgerFact, { kind: K }> {
  if (fact?.kind !== kind) throw new Error(`no ${kind} of this name`);
  return fact as Extract<LedgerFact, { kind: K }>;
}

async function openWorld(): Promise<LedgerWorld> {
  const fake = createFakeLedger(now);
  let count = 0;
  const next = (prefix: string): string => `${prefix}-${String(++count).padStart(5, '0')}`;
  const put = (fact: LedgerFact): string => fake.put(fact).name;
  return {
    ledger: fake,
    customer: async (name) =>
      put({ kind: 'customer', name, customerName: name, phone: null, email: null, address: null, disabled: false }),
    plan: async ({ item, cost }) => put({ kind: 'plan', name: next('PLAN'), item, cost }),
    subscription: async ({ customer, plan }) =>
      put({
        ...{ kind: 'subscription', name: next('SUB'), customer, cancelled: false, plans: [plan] },
        ...{ billingMode: null, dueDay: null, username: null },
      }),
    cancelSubscription: async (name) => void put({ ...subscriptionOf(fake, name), cancelled: true }),
    invoice: async ({ customer, item, amount, dueDate, subscription, draft }) =>
      put({
        ...{ kind: 'invoice', name: next('SINV'), customer, subscription: subscription ?? null, submitted: !draft },
        ...{ isReturn: false, returnAgainst: null, dueDate, total: amount, outstanding: amount },
        ...{ terms: [{ dueDate, amount }], items: [item] },
      }),
    async pay(name, amount) {
      const invoice = invoiceOf(fake, name);
      put({ ...invoice, outstanding: invoice.outstanding - amount });
      const { customer } = invoice;
      return put({ kind: 'receipt', name: next('PAY'), customer, submitted: true, unallocated: 0n, pays: [name] });
    },
    advance: async (customer, unallocated) =>
      put({ kind: 'receipt', name: next('PAY'), customer, submitted: true, unallocated, pays: [] }),
    async cancelReceipt(name) {
      const receipt = receiptOf(fake, name);
      put({ ...receipt, submitted: false });
      for (const paid of receipt.pays) put({ ...invoiceOf(fake, paid), outstanding: invoiceOf(fake, paid).total });
    },
    async creditNote(name) {
      const invoice = invoiceOf(fake, name);
      const amounts = { total: -invoice.total, outstanding: -invoice.total };
      const terms = [{ dueDate: invoice.dueDate, amount: -invoice.total }];
      return put({ ...invoice, ...amounts, terms, name: next('SINV'), isReturn: true, returnAgainst: name });
    },
    cancelInvoice: async (name) => void put({ ...invoiceOf(fake, name), submitted: false }),
    fail: async (how) => fake.fail(how === null ? null : { reason: how, detail: 'asked for by the test' }),
    close: async () => undefined,
  };
}

ledgerContract('fake', openWorld);
ledgerPushContract('the fake', openWorld);

describe('fake ledger', () => {
  it('counts calls, the failed ones too, and forgets what is removed', async () => {
    const fake = createFakeLedger(now);
    fake.put({ kind: 'plan', name: 'P', item: 'I', cost: 1n }, '2026-11-21 00:00:00.000001');
    fake.fail({ reason: 'unreachable', detail: 'down' });
    expect(await fake.fetch('Subscription Plan', 'P')).toMatchObject({ ok: false });
    fake.fail(null);
    expect(await fake.fetch('Subscription Plan', 'P')).toMatchObject({
      value: { version: { modified: '2026-11-21 00:00:00.000001' } },
    });
    fake.remove('Subscription Plan', 'P');
    expect(await fake.fetch('Subscription Plan', 'P')).toEqual({ ok: true, value: null });
    expect(fake.calls('fetch')).toBe(3);
    expect(fake.calls('readAll')).toBe(0);
  });
});
