import type { Tx } from '#db/database.ts';
import { accountOfMethod } from '#domain/accounts.ts';
import type { ChargeRow } from '#features/charges/verbs.ts';
import { tellToppedUp } from '#features/deposits/verbs.ts';
import type { Received, TakenBy } from './book-charge.ts';
import { creditBooked } from './move-deposit.ts';

type TopUpCharge = ChargeRow & { readonly topUpId: string; readonly resellerId: string };

/** What a gateway collected, into the deposit that it was asked for: its word is the approval. Under the charge's lock. */
export async function bookTopUp(tx: Tx, charge: TopUpCharge, received: Received, by: TakenBy): Promise<void> {
  const { tenant_id: tenantId, topUpId, resellerId, gateway, method } = charge;
  const { amount, paidAt, gatewayRef } = received;
  await tx
    .updateTable('deposit_top_ups')
    .set({ state: 'done', decided_by: by.takenBy, decided_at: paidAt, reason: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', topUpId)
    .where('state', '<>', 'done')
    .execute();
  const mover = { tenantId, correlationId: by.correlationId, by: by.takenBy, now: by.now };
  const { balance } = await creditBooked(tx, mover, {
    ...{ resellerId, amount, kind: 'top_up', sourceId: topUpId, idemKey: `deposit request ${topUpId}` },
    memo: `${gateway} ${gatewayRef}`,
    other: [{ account: accountOfMethod[method], amount }],
  });
  const told = { resellerId, amount, balance, correlationId: by.correlationId };
  await tellToppedUp(tx, tenantId, told, by.appendMessage);
}
