import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { appendLedgerPush } from '#outbox/append-ledger-invoice.ts';
import type { Who } from '#platform/caller.ts';

type On = Pick<Who, 'tenantId' | 'correlationId'>;

/** Has ERPNext get a customer that arose here, where it is the tenant's ledger (spec L1, C8). */
export async function pushCustomer(tx: Tx, { tenantId, correlationId }: On, customerId: string): Promise<void> {
  if ((await ledgerKind(tx, tenantId)) !== 'erpnext') return;
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

/**
 * Has ERPNext get a line that arose here, after its customer (spec L1). Where its plan names no item nobody there could
 * bill it, and it stays here alone.
 */
export async function pushLine(tx: Tx, on: On, subscriptionId: string): Promise<void> {
  if ((await ledgerKind(tx, on.tenantId)) !== 'erpnext') return;
  const line = await tx
    .selectFrom('subscriptions as s')
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .where('s.tenant_id', '=', on.tenantId)
    .where('s.id', '=', subscriptionId)
    .select('p.erp_item')
    .executeTakeFirstOrThrow();
  if (line.erp_item === null) return;
  await appendLedgerPush(tx, on, { kind: 'ledger.subscription', subscriptionId }, subscriptionId);
}
