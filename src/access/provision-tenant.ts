import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { groupName, tenantKey } from '#domain/groups.ts';
import type { Intent } from '#domain/intents.ts';
import { isolirGroupRows, terminatedGroupRows } from '#domain/radius-groups.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { correlationId } from '#platform/log.ts';

async function send(tx: Tx, tenantId: string, intents: readonly Intent[]): Promise<void> {
  const generation = await takeGeneration(tx);
  const id = correlationId();
  await appendIntents(
    tx,
    tenantId,
    intents.map((intent) => ({
      intent,
      key: intentKey(intent),
      subscriptionId: null,
      generation,
      urgency: urgency.restore,
      correlationId: id,
    })),
  );
}

const roaming = (tenantId: string, allowRoaming: boolean): Intent => ({
  kind: 'tenant.apply',
  tenantKey: tenantKey(tenantId),
  allowRoaming,
});

/** What a tenant needs at its enforcer before its first subscriber (spec R2): the groups that every line may fall into. */
export const provisionTenant = (tx: Tx, tenantId: string, allowRoaming: boolean): Promise<void> =>
  send(tx, tenantId, [
    roaming(tenantId, allowRoaming),
    { kind: 'group.apply', group: groupName(tenantId, 'isolir'), ...isolirGroupRows() },
    { kind: 'group.apply', group: groupName(tenantId, 'terminated'), ...terminatedGroupRows() },
  ]);

/** Whether the tenant's subscribers may log in at other tenants' routers (spec R7). */
export const applyRoaming = (tx: Tx, tenantId: string, allowed: boolean): Promise<void> =>
  send(tx, tenantId, [roaming(tenantId, allowed)]);
