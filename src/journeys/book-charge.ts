import type { Tx } from '#db/database.ts';
import type { ChargeFinding } from '#domain/charge.ts';
import { ok, type Result } from '#domain/result.ts';
import { type TakenPayment, takePayment } from '#features/billing/verbs.ts';
import type { ChargeRow } from '#features/charges/verbs.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import type { Refusal } from '#platform/refusal.ts';
import { bookTopUp } from './book-top-up.ts';
import { attempt } from './savepoint.ts';

/** What came in, as the gateway itself says. */
export type Received = Pick<ChargeFinding, 'gatewayRef' | 'amount'> & { readonly paidAt: Date };

/** Who takes it; null: nobody but the gateway. */
export type TakenBy = {
  readonly correlationId: string;
  readonly takenBy: string | null;
  /** ms since 1970. */
  readonly now: number;
  readonly appendMessage: AppendMessage;
};

/** One that a customer pays. */
type BillCharge = ChargeRow & { readonly customer_id: string };

/** The gateway's own name of the money: one of them is one payment, whoever tells of it and however often. */
const keyOf = ({ gateway }: ChargeRow, { gatewayRef }: Received): string => `gateway:${gateway}:${gatewayRef}`;

const take = (
  tx: Tx,
  charge: BillCharge,
  received: Received,
  { correlationId, takenBy }: TakenBy,
  isForBill: boolean,
) =>
  takePayment(
    tx,
    { tenantId: charge.tenant_id, correlationId, takenBy },
    {
      customerId: charge.customer_id,
      amount: received.amount,
      method: charge.method,
      paidAt: received.paidAt,
      idemKey: keyOf(charge, received),
      reference: `${charge.gateway} ${received.gatewayRef}`,
      ...(isForBill && { invoiceId: charge.invoice_id, erpInvoice: charge.erp_invoice }),
    },
  );

const markPaid = (tx: Tx, charge: ChargeRow, { gatewayRef, amount, paidAt }: Received, paymentId: string | null) =>
  tx
    .updateTable('charges')
    .set({
      state: 'paid',
      payment_id: paymentId,
      gateway_ref: gatewayRef,
      paid_amount: amount,
      paid_at: paidAt,
      problem: null,
      updated_at: new Date(),
    })
    .where('tenant_id', '=', charge.tenant_id)
    .where('id', '=', charge.id)
    .execute();

/** What came in for a charge; `payment` null: it was a top-up. */
type BookedCharge = { readonly payment: TakenPayment | null };

/**
 * Takes a charge's money as a payment of its bill, and where the bill is not there any more as the customer's credit; the
 * charge is paid from then on. A refusal: not even that could be done (the customer is gone), and nothing was written.
 */
export async function bookCharge(
  tx: Tx,
  charge: ChargeRow,
  received: Received,
  by: TakenBy,
): Promise<Result<BookedCharge, Refusal>> {
  const { customer_id: customerId, top_up_id: topUpId, reseller_id: resellerId } = charge;
  if (topUpId !== null && resellerId !== null) {
    await bookTopUp(tx, { ...charge, topUpId, resellerId }, received, by);
    await markPaid(tx, charge, received, null);
    return ok({ payment: null });
  }
  if (customerId === null) throw new Error('A charge is of nobody.');
  const bill = { ...charge, customer_id: customerId };
  const forBill = await attempt(tx, () => take(tx, bill, received, by, true));
  const taken = forBill.ok ? forBill : await attempt(tx, () => take(tx, bill, received, by, false));
  if (!taken.ok) return taken;
  await markPaid(tx, charge, received, taken.value.paymentId);
  return ok({ payment: taken.value });
}
