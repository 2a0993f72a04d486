import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import type { Who } from '#platform/caller.ts';

/** Has ERPNext get a customer that arose here, where it is the tenant's ledger (spec L1, C8). */
export async function pushCustomer(tx: Tx, { tenantId, correlationId }: Who, customerId: string): Promise<void> {
  const ledger = await tx
    .selectFrom('connections')
    .where('tenant_id', '=', tenantId)
    .where('system', '=', 'erpnext')
    .select('system')
    .executeTakeFirst();
  if (!ledger) return;
  await appendIntents(tx, tenantId, [
    {
      intent: { kind: 'ledger.customer', customerId },
      key: customerId,
      subscriptionId: null,
      generation: await takeGeneration(tx),
      urgency: urgency.other,
      correlationId,
    },
  ]);
}
