import type { Tx } from '#db/database.ts';
import type { ChargeFinding } from '#domain/charge.ts';
import type { Result } from '#domain/result.ts';
import { type TakenPayment, takePayment } from '#features/billing/verbs.ts';
import type { ChargeRow } from '#features/charges/verbs.ts';
import type { Refusal } from '#platform/refusal.ts';
import { attempt } from './savepoint.ts';

/** What came in, as the gateway itself says. */
export type Received = Pick<ChargeFinding, 'gatewayRef' | 'amount'> & { readonly paidAt: Date };

/** Who takes it; null: nobody but the gateway. */
export type TakenBy = { readonly correlationId: string; readonly takenBy: string | null };

/** The gateway's own name of the money: one of them is one payment, whoever tells of it and however often. */
const keyOf = ({ gateway }: ChargeRow, { gatewayRef }: Received): string => `gateway:${gateway}:${gatewayRef}`;

const take = (tx: Tx, charge: ChargeRow, received: Received, { correlationId, takenBy }: TakenBy, isForBill: boolean) =>
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

/**
 * Takes a charge's money as a payment of its bill, and where the bill is not there any more as the customer's credit; the
 * charge is paid from then on. A refusal: not even that could be done (the customer is gone), and nothing was written.
 */
export async function bookCharge(
  tx: Tx,
  charge: ChargeRow,
  received: Received,
  by: TakenBy,
): Promise<Result<TakenPayment, Refusal>> {
  const forBill = await attempt(tx, () => take(tx, charge, received, by, true));
  const taken = forBill.ok ? forBill : await attempt(tx, () => take(tx, charge, received, by, false));
  if (!taken.ok) return taken;
  await tx
    .updateTable('charges')
    .set({
      state: 'paid',
      payment_id: taken.value.paymentId,
      gateway_ref: received.gatewayRef,
      paid_amount: received.amount,
      paid_at: received.paidAt,
      problem: null,
      updated_at: new Date(),
    })
    .where('tenant_id', '=', charge.tenant_id)
    .where('id', '=', charge.id)
    .execute();
  return taken;
}
