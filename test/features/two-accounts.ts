import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { encodeFact } from '#db/stored-fact.ts';
import type { LedgerFact } from '#domain/facts.ts';
import { addDays, instantAt } from '#domain/local-time.ts';
import { cancelInvoice } from '#features/billing/cancel-invoice.ts';
import { creditInvoice } from '#features/billing/credit-note.ts';
import { issueInvoice } from '#features/billing/issue-invoice.ts';
import { refundPayment, reversePayment } from '#features/billing/take-back.ts';
import { takePayment } from '#features/billing/take-payment.ts';
import type { Who } from '#platform/caller.ts';
import type { TestBridge } from '#test/setup/bridge.ts';
import type { Payer, Till } from './till.ts';

const zone = 'Asia/Jakarta';
const firstDay = '2025-01-01';
const noon = (day: string): number => instantAt(day, 12, 0, zone);

/** How money stands between the hub and ERPNext. */
const ways = ['entered there', 'on its way', 'pushed', 'seen', 'seen by its reference', 'seen as a draft'] as const;
type Way = (typeof ways)[number];

const whats = ['bill', 'bill', 'pay', 'pay', 'credit', 'cancel', 'take back', 'refund'] as const;
export type Deed = {
  readonly what: (typeof whats)[number];
  readonly amount: number;
  readonly day: number;
  readonly which: number;
  readonly way: Way;
};
export const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...whats),
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    day: fc.nat(75),
    which: fc.nat(50),
    way: fc.constantFrom(...ways),
  }),
  { minLength: 2, maxLength: 5 },
);

type Bill = { readonly id: string; readonly name: string; left: number; hasCredit: boolean; isCancelled: boolean };
type Payment = { readonly id: string; readonly name: string; readonly hubId: string | null; fact: LedgerFact };

export const whoIn = (till: Till): Who => ({
  tenantId: till.tenant.id,
  caller: { userId: till.tenant.adminId, tenantId: till.tenant.id, role: 'admin' },
  correlationId: 'c-1',
  address: '',
});

/**
 * One customer twice: of a provider whose books the hub keeps, and of one whose ledger is ERPNext, of which the bridge holds
 * what its connector brings. Each deed is done in both.
 */
export function createTwoAccounts(
  bridge: TestBridge,
  own: Till,
  elsewhere: Till,
  payers: { own: Payer; there: Payer },
) {
  const customer = `Budi ${payers.there.id}`;
  const bills: Bill[] = [];
  const payments: Payment[] = [];
  let made = 0;
  const inOwn = <T>(work: Parameters<typeof bridge.db.tenant<T>>[1]): Promise<T> =>
    bridge.db.tenant(own.tenant.id, work);
  const there = elsewhere.tenant.id;

  async function put(doctype: string, fact: LedgerFact): Promise<void> {
    await bridge.look(
      `insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
       values ($1, $2, $3, $4, '', $5, true, now())
       on conflict (tenant_id, doctype, name) do update set fact = excluded.fact, fetched_at = now()`,
      [there, doctype, fact.name, customer, encodeFact(fact)],
    );
  }
  const nameOf = (kind: string): string => {
    made += 1;
    return `${kind}-${payers.there.id.slice(0, 8)}-${String(made).padStart(5, '0')}`;
  };
  const invoiceOf = (name: string, total: number, day: string, submitted = true): LedgerFact => ({
    ...{ kind: 'invoice', name, customer, subscription: null, submitted, isReturn: total < 0, returnAgainst: null },
    ...{ issuedOn: day, dueDate: addDays(day, 10), total: BigInt(total), outstanding: 0n, terms: [], items: [] },
  });

  async function bill({ amount }: Deed, day: string): Promise<void> {
    const lines = [{ description: 'Home 10', quantity: 1, unitPrice: BigInt(amount) }];
    const { invoiceId, total } = await inOwn((tx) =>
      issueInvoice(tx, whoIn(own), {
        ...{ customerId: payers.own.id, subscriptionId: payers.own.line, reason: 'manual', lines },
        ...{ issuedOn: day, dueDate: addDays(day, 10) },
      }),
    );
    const name = nameOf('ACC-SINV');
    bills.push({ id: invoiceId, name, left: Number(total), hasCredit: false, isCancelled: false });
    await put('Sales Invoice', invoiceOf(name, Number(total), day));
  }

  async function credit({ amount, which }: Deed, day: string): Promise<void> {
    const open = bills.filter(({ left, isCancelled }) => left > 0 && !isCancelled);
    const one = open[which % Math.max(1, open.length)];
    if (!one) return;
    const given = Math.min(one.left, amount);
    await inOwn((tx) => creditInvoice(tx, whoIn(own), one.id, { amount: given, reason: 'uji' }, noon(day)));
    one.left -= given;
    one.hasCredit = true;
    const note = invoiceOf(nameOf('ACC-SINV'), -given, day);
    // The hub's own notes are due at once, and pay.
    await put('Sales Invoice', note);
  }

  async function cancel({ which }: Deed, day: string): Promise<void> {
    const open = bills.filter(({ hasCredit, isCancelled }) => !hasCredit && !isCancelled);
    const one = open[which % Math.max(1, open.length)];
    if (!one) return;
    await inOwn((tx) => cancelInvoice(tx, whoIn(own), one.id, { reason: 'uji' }, noon(day)));
    one.isCancelled = true;
    await put('Sales Invoice', invoiceOf(one.name, one.left, day, false));
  }

  /** Brings money to where it stands on its way. */
  async function carry(hubId: string, name: string, fact: LedgerFact, way: Way): Promise<void> {
    const told = way === 'pushed' || way === 'seen' || way === 'seen as a draft';
    const pushed = `update payments set erp_payment = $2, updated_at = clock_timestamp() where id = $1`;
    if (way === 'seen as a draft') await put('Payment Entry', { ...fact, submitted: false } as LedgerFact);
    if (told) await bridge.look(pushed, [hubId, name]);
    if (way === 'seen') await put('Payment Entry', fact);
    if (way === 'seen by its reference') await put('Payment Entry', { ...fact, ref: hubId } as LedgerFact);
  }

  async function pay({ amount, way }: Deed, day: string): Promise<void> {
    const money = { amount: BigInt(amount), method: 'cash', paidAt: new Date(noon(day)) } as const;
    const take = (till: Till, customerId: string) =>
      bridge.db.tenant(till.tenant.id, (tx) =>
        takePayment(tx, { ...whoIn(till), takenBy: null }, { ...money, customerId, idemKey: randomUUID() }),
      );
    const { paymentId: id } = await take(own, payers.own.id);
    const name = nameOf('ACC-PAY');
    const about = { kind: 'receipt', name, customer, submitted: true, paidOn: day, pays: [] } as const;
    const fact: LedgerFact = { ...about, amount: BigInt(amount), unallocated: 0n };
    if (way === 'entered there') await put('Payment Entry', fact);
    const hubId = way === 'entered there' ? null : (await take(elsewhere, payers.there.id)).paymentId;
    if (hubId !== null) await carry(hubId, name, fact, way);
    payments.push({ id, name, hubId, fact });
  }

  /** A payment of the own books that may be given back, and how much of it. */
  async function refundable({ which }: Deed): Promise<{ readonly one: Payment; readonly free: number } | null> {
    const rows = await bridge.look<{ id: string; unallocated: string }>(
      `select id, unallocated from payments where id = any($1::uuid[]) and status = 'paid' and refunded = 0`,
      [payments.map(({ id }) => id)],
    );
    const row = rows[which % Math.max(1, rows.length)];
    const one = payments.find(({ id }) => id === row?.id);
    return one && row ? { one, free: Number(row.unallocated) } : null;
  }

  async function takeBack(deed: Deed, day: string): Promise<void> {
    const { one } = (await refundable(deed)) ?? {};
    if (!one) return;
    await inOwn((tx) => reversePayment(tx, whoIn(own), one.id, { reason: 'uji' }, noon(day)));
    // There it is cancelled, which is only possible once it is there.
    if (one.hubId !== null) await carry(one.hubId, one.name, one.fact, 'seen');
    await put('Payment Entry', { ...one.fact, submitted: false, cancelled: true } as LedgerFact);
  }

  async function refund(deed: Deed, day: string): Promise<void> {
    const { one, free = 0 } = (await refundable(deed)) ?? {};
    if (!one || free === 0) return;
    const amount = Math.min(free, deed.amount);
    const back = { amount, payment_method: 'cash', reason: 'uji', idemKey: randomUUID() } as const;
    await inOwn((tx) => refundPayment(tx, whoIn(own), one.id, back, noon(day)));
    const about = { kind: 'refund', customer, submitted: true, paidOn: day } as const;
    await put('Payment Entry', { ...about, name: nameOf('ACC-PAY'), amount: BigInt(amount) });
  }

  const verbs = { bill, pay, credit, cancel, 'take back': takeBack, refund };
  return {
    link: () => bridge.look('update customers set erp_customer = $2 where id = $1', [payers.there.id, customer]),
    run: async (all: readonly Deed[]): Promise<void> => {
      for (const deed of all) await verbs[deed.what](deed, addDays(firstDay, deed.day));
    },
  };
}
