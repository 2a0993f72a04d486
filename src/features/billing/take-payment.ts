import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { accountOfMethod, type PaymentMethod } from '#domain/accounts.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { dayOf, livingLines, lockCustomers } from './money-store.ts';
import { post } from './posting.ts';
import { settleCustomers } from './settle.ts';

/** Who takes it; null: nobody, a gateway's word for example. */
export type Taker = { readonly tenantId: string; readonly correlationId: string; readonly takenBy: string | null };

/** Money received. */
export type NewPayment = {
  readonly customerId: string;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly method: PaymentMethod;
  readonly paidAt: Date;
  /** The same key twice is one payment. */
  readonly idemKey: string;
  readonly reference?: string | null;
  readonly notes?: string;
  /** The bill of this ledger that it is meant for; left out: the oldest. */
  readonly invoiceId?: string | null;
  /** The bill's name where ERPNext is the ledger. */
  readonly erpInvoice?: string | null;
};

/** `lines`: those that were marked, to be decided about in the same transaction (journeys/decide-marked.ts). */
export type TakenPayment = {
  readonly paymentId: string;
  readonly isNew: boolean;
  readonly lines: readonly string[];
};

/** Refuses money for a bill that is none of the customer's. */
async function checkBill(tx: Tx, tenantId: string, { customerId, invoiceId }: NewPayment): Promise<void> {
  if (invoiceId === undefined || invoiceId === null) return;
  const bill = await tx
    .selectFrom('invoices')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', invoiceId)
    .where('customer_id', '=', customerId)
    .where('kind', '=', 'invoice')
    .select('cancelled_at')
    .executeTakeFirst();
  if (!bill) throw invalid('invoice_id', 'This customer has no such invoice.');
  if (bill.cancelled_at !== null) throw new Refusal('CONFLICT', 'This invoice was cancelled.');
}

async function checkErpBill(tx: Tx, tenantId: string, payment: NewPayment, erpCustomer: string | null) {
  const { erpInvoice = null, invoiceId = null } = payment;
  if (invoiceId !== null) throw invalid('invoice_id', 'ERPNext makes the bills: name one by `erp_invoice`.');
  if (erpInvoice === null) return;
  const known = await tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', 'Sales Invoice')
    .where('name', '=', erpInvoice)
    .where('customer', '=', erpCustomer)
    .select('name')
    .executeTakeFirst();
  if (!known) throw invalid('erp_invoice', 'This customer has no such invoice.');
}

/** Null: the key is known. */
async function insert(tx: Tx, { tenantId, takenBy }: Taker, payment: NewPayment, day: string): Promise<string | null> {
  const row = await tx
    .insertInto('payments')
    .values({
      tenant_id: tenantId,
      customer_id: payment.customerId,
      amount: payment.amount,
      method: payment.method,
      status: 'paid',
      invoice_id: payment.invoiceId ?? null,
      erp_invoice: payment.erpInvoice ?? null,
      due_date: day,
      payment_date: payment.paidAt,
      notes: payment.notes ?? '',
      reference: payment.reference ?? null,
      idem_key: payment.idemKey,
      taken_by: takenBy,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'idem_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

async function known(tx: Tx, tenantId: string, { idemKey, customerId, amount }: NewPayment): Promise<TakenPayment> {
  const held = await tx
    .selectFrom('payments')
    .where('tenant_id', '=', tenantId)
    .where('idem_key', '=', idemKey)
    .select(['id', 'customer_id', 'amount'])
    .executeTakeFirstOrThrow();
  if (held.customer_id !== customerId || held.amount !== amount) {
    throw new Refusal('CONFLICT', 'Another payment was taken under this key.', { payment_id: held.id });
  }
  return { paymentId: held.id, isNew: false, lines: [] };
}

/** Money of a payment that stands as `paid`, into the books and against the bills. */
export async function bookPayment(
  tx: Tx,
  { tenantId, takenBy }: Taker,
  paid: {
    readonly id: string;
    readonly customerId: string;
    readonly amount: bigint;
    readonly method: PaymentMethod;
    readonly day: string;
  },
): Promise<void> {
  const { id, customerId, amount, method, day } = paid;
  const [posting] = await post(tx, tenantId, [
    {
      kind: 'payment',
      idemKey: `payment ${id}`,
      postedOn: day,
      sourceId: id,
      postedBy: takenBy,
      entries: [
        { account: accountOfMethod[method], amount },
        { account: 'receivable', customerId, amount: -amount },
      ],
    },
  ]);
  if (posting === undefined) throw new Error('No posting came back for a payment.');
  await tx
    .updateTable('payments')
    .set({ posting_id: posting })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  await settleCustomers(tx, tenantId, [customerId]);
}

/** Has ERPNext get a payment that stands here (spec L1). */
const pushPayment = async (
  tx: Tx,
  { tenantId, correlationId }: Pick<Taker, 'tenantId' | 'correlationId'>,
  paymentId: string,
) =>
  appendIntents(tx, tenantId, [
    {
      intent: { kind: 'ledger.payment', paymentId },
      key: paymentId,
      subscriptionId: null,
      generation: await takeGeneration(tx),
      urgency: urgency.restore,
      correlationId,
    },
  ]);

/**
 * Records money received in the caller's transaction, once per `idemKey`: into the books and against the bill that is
 * named and then the oldest, or, where ERPNext is the ledger, into its way there. What settles nothing is the
 * customer's credit. Throws a Refusal where the customer or the bill is not there.
 */
export async function takePayment(tx: Tx, taker: Taker, payment: NewPayment): Promise<TakenPayment> {
  const { tenantId, correlationId } = taker;
  const { customerId, amount, method } = payment;
  const [kind, customers] = await Promise.all([ledgerKind(tx, tenantId), lockCustomers(tx, tenantId, [customerId])]);
  const customer = customers.get(customerId);
  if (!customer || customer.deleted_at !== null) throw notFound('customer');
  const day = await dayOf(tx, tenantId, payment.paidAt.getTime());
  if (kind === 'erpnext') await checkErpBill(tx, tenantId, payment, customer.erp_customer);
  else await checkBill(tx, tenantId, payment);
  const id = await insert(tx, taker, payment, day);
  if (id === null) return known(tx, tenantId, payment);
  if (kind === 'erpnext') await pushPayment(tx, taker, id);
  else await bookPayment(tx, taker, { id, customerId, amount, method, day });
  const lines = (await livingLines(tx, tenantId, [customerId])).map((line) => line.id);
  await markLines(tx, { tenantId, correlationId, cause: 'a payment' }, lines);
  return { paymentId: id, isNew: true, lines };
}
