import { markEach } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { takeGenerations } from '#db/generations.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { LedgerKind } from '#db/ledger-kind.ts';
import type { LocalDate } from '#domain/facts.ts';
import { groupBy } from '#domain/group-by.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { livingLines } from './money-store.ts';
import { type Posting, post } from './posting.ts';
import { settleCustomers } from './settle.ts';

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

const rowOf = ({ tenantId, kind, now, day }: TakenAt, one: DepositTaken) => ({
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
  allocated: 0,
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

/**
 * Records payments of different customers out of deposits, as `takePayment` does each: books, payments, bills, or their
 * way to ERPNext, and marks the customers' lines, which it answers by customer. A key that is known already fails
 * (`payments_once`). What is sent without waiting for each other runs in this order.
 */
export async function takeTogether(
  tx: Tx,
  at: TakenAt,
  taken: readonly DepositTaken[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { tenantId, kind } = at;
  const customers = taken.map(({ customerId }) => customerId);
  const correlations = new Map(taken.map(({ customerId, correlationId }) => [customerId, correlationId]));
  const correlationOf = (customerId: string): string => correlations.get(customerId) ?? '';
  const written = [
    post(
      tx,
      tenantId,
      taken.map(({ posting }) => posting),
    ),
    insertRows(
      tx,
      'payments',
      taken.map((one) => rowOf(at, one)),
    ),
  ];
  const [lines] = await Promise.all([
    livingLines(tx, tenantId, customers),
    ...written,
    kind === 'erpnext' ? push(tx, tenantId, taken) : settleCustomers(tx, tenantId, customers, correlationOf),
  ]);
  const marks = new Map(lines.map(({ id, customer_id }) => [id, correlationOf(customer_id)]));
  await markEach(tx, { tenantId, cause: 'a payment' }, marks);
  const ofCustomer = groupBy(lines, ({ customer_id }) => customer_id);
  return new Map([...ofCustomer].map(([id, some]) => [id, some.map((line) => line.id)]));
}
