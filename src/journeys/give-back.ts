import type { Tx } from '#db/database.ts';
import type { ToDeposit } from '#features/billing/verbs.ts';
import { returnToDeposit } from '#features/deposits/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { returnBooked } from './move-deposit.ts';

/** The move that the deposit paid with: a reversal takes it back, once. */
async function moveOf(tx: Tx, tenantId: string, paymentId: string): Promise<string> {
  const { id } = await tx
    .selectFrom('deposit_moves')
    .where('tenant_id', '=', tenantId)
    .where('source_id', '=', paymentId)
    .where('kind', '=', 'payment')
    .select('id')
    .executeTakeFirstOrThrow();
  return id;
}

/**
 * Gives a deposit back what a payment took from it, when the payment is taken back or refunded (spec S2). Where ERPNext keeps
 * the payment the hub's books take back the deposit's side of it.
 */
export async function giveBack(tx: Tx, who: Who, back: ToDeposit, now: number): Promise<void> {
  const { tenantId, correlationId, caller } = who;
  const { resellerId, paymentId, amount, kind, postingId, idemKey } = back;
  const mover = { tenantId, correlationId, by: caller.userId, now };
  const reverses = kind === 'reversal' ? await moveOf(tx, tenantId, paymentId) : null;
  const deed = { resellerId, amount, kind, reverses, sourceId: paymentId, idemKey, memo: '' };
  if (postingId !== null) await returnToDeposit(tx, mover, { ...deed, postingId });
  else await returnBooked(tx, mover, { ...deed, other: [{ account: 'erpnext', amount }] });
}
