import { markEach } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { takeGenerations } from '#db/generations.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { LedgerKind } from '#db/ledger-kind.ts';
import { type Allocation, allocate, type FreeMoney, type OpenBill } from '#domain/allocation.ts';
import type { LocalDate } from '#domain/facts.ts';
import { groupBy } from '#domain/group-by.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { appendCommission, appendCommissionOfOwn } from '#outbox/append-commission.ts';
import { livingLines } from './money-store.ts';
import { freeMoney, openBills } from './open-money.ts';
import { type Posting, post } from './posting.ts';
import { saveAllocations } from './settle.ts';

/** A payment out of a deposit, whose customer is locked and whose bill was looked at. */
export type DepositTaken = {
  readonly id: string;
  readonly customerId: string;
  readonly resellerId: string;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly idemKey: string;
  readonly invoiceId: string | null;
  readonly erpInvoice: string | null;
  readonly takenBy: string;
  readonly correlationId: string;
  /** The deed in the books: what pays, and what is paid for. */
  readonly posting: Posting & { readonly id: string };
};

export type TakenAt = {
  readonly tenantId: string;
  readonly kind: LedgerKind;
  /** ms since 1970, and the tenant's date then. */
  readonly now: number;
  readonly day: LocalDate;
};

/** What payments of some customers find, by customer: bills and money of the hub's own ledger, lines that have not ended. */
export type Found = {
  readonly bills: ReadonlyMap<string, readonly OpenBill[]>;
  readonly money: ReadonlyMap<string, readonly FreeMoney[]>;
  readonly lines: ReadonlyMap<string, readonly string[]>;
};

/** Read under the customers' locks, it stays so until the commit. */
export async function findMoney(
  tx: Tx,
  tenantId: string,
  kind: LedgerKind,
  customerIds: readonly string[],
): Promise<Found> {
  const [lines, bills, money] = await Promise.all([
    livingLines(tx, tenantId, customerIds),
    kind === 'builtin' ? openBills(tx, tenantId, customerIds) : new Map(),
    kind === 'builtin' ? freeMoney(tx, tenantId, customerIds) : new Map(),
  ]);
  const ofCustomer = groupBy(lines, ({ customer_id }) => customer_id);
  return { bills, money, lines: new Map([...ofCustomer].map(([id, some]) => [id, some.map((line) => line.id)])) };
}

const rowOf = ({ tenantId, kind, now, day }: TakenAt, one: DepositTaken, allocated: bigint) => ({
  tenant_id: tenantId,
  id: one.id,
  customer_id: one.customerId,
  amount: one.amount,
  method: 'deposit',
  status: 'paid',
  invoice_id: one.invoiceId,
  erp_invoice: one.erpInvoice,
  due_date: day,
  payment_date: new Date(now),
  notes: '',
  idem_key: one.idemKey,
  reseller_id: one.resellerId,
  taken_by: one.takenBy,
  // Where ERPNext keeps the payment, the books say no more than where the money of the deposit went.
  posting_id: kind === 'erpnext' ? null : one.posting.id,
  allocated,
  refunded: 0,
});

/** Has ERPNext get payments that stand here (spec L1). */
async function push(tx: Tx, tenantId: string, taken: readonly DepositTaken[]): Promise<void> {
  const generations = await takeGenerations(tx, taken.length);
  await appendIntents(
    tx,
    tenantId,
    taken.map(({ id, correlationId }, i) => ({
      intent: { kind: 'ledger.payment', paymentId: id },
      key: id,
      subscriptionId: null,
      generation: generations[i] ?? 0n,
      urgency: urgency.restore,
      correlationId,
    })),
  );
}

const moneyOf = ({ id, amount, invoiceId }: DepositTaken): FreeMoney => ({
  id,
  kind: 'payment',
  free: amount,
  against: invoiceId,
});

/** The payments as they are written, what they and money from before settle, and whose commission is to be looked at. */
async function settle(tx: Tx, at: TakenAt, taken: readonly DepositTaken[], found: Found): Promise<void> {
  const { tenantId } = at;
  const made = taken.flatMap((one): readonly Allocation[] =>
    allocate(found.bills.get(one.customerId) ?? [], [...(found.money.get(one.customerId) ?? []), moneyOf(one)]),
  );
  const settled = groupBy(made, ({ money }) => money.id);
  const allocated = ({ id }: DepositTaken): bigint =>
    (settled.get(id) ?? []).reduce((sum, { amount }) => sum + amount, 0n);
  const own = new Set(taken.map(({ id }) => id));
  const earlier = taken.flatMap(({ customerId }) => found.money.get(customerId) ?? []);
  const paidBefore = earlier.filter(({ kind }) => kind === 'payment').map(({ id }) => id);
  await Promise.all([
    insertRows(
      tx,
      'payments',
      taken.map((one) => rowOf(at, one, allocated(one))),
    ),
    saveAllocations(tx, tenantId, made, (id) => own.has(id)),
    appendCommission(tx, tenantId, paidBefore),
    appendCommissionOfOwn(
      tx,
      tenantId,
      taken.map(({ id, ...own }) => ({ ...own, paymentId: id })),
    ),
  ]);
}

/** The payments as they are written, and their way to ERPNext, which says what they settle. */
const handOn = (tx: Tx, at: TakenAt, taken: readonly DepositTaken[]) =>
  Promise.all([
    insertRows(
      tx,
      'payments',
      taken.map((one) => rowOf(at, one, 0n)),
    ),
    push(tx, at.tenantId, taken),
  ]);

/**
 * Records payments of different customers out of deposits, as `takePayment` does each: books, payments, bills, or their
 * way to ERPNext, and marks the customers' lines. `found`: what they were weighed against. A key that is known already
 * fails (`payments_once`). What is sent without waiting for each other runs in this order.
 */
export async function takeTogether(tx: Tx, at: TakenAt, taken: readonly DepositTaken[], found: Found): Promise<void> {
  const { tenantId, kind } = at;
  const marks = taken.flatMap(({ customerId, correlationId }) =>
    (found.lines.get(customerId) ?? []).map((line) => [line, correlationId] as const),
  );
  await Promise.all([
    post(
      tx,
      tenantId,
      taken.map(({ posting }) => posting),
    ),
    kind === 'erpnext' ? handOn(tx, at, taken) : settle(tx, at, taken, found),
    markEach(tx, { tenantId, cause: 'a payment' }, new Map(marks)),
  ]);
}
