import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { groupName, tenantKey } from '#domain/groups.ts';
import type { Intent } from '#domain/intents.ts';
import { isolirGroupRows, terminatedGroupRows } from '#domain/radius-groups.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { correlationId } from '#platform/log.ts';

async function nextGeneration(tx: Tx): Promise<bigint> {
  const { rows } = await sql<{ g: bigint }>`select nextval('access_generation') as g`.execute(tx);
  return rows[0]?.g ?? 0n;
}

async function send(tx: Tx, tenantId: string, intents: readonly Intent[]): Promise<void> {
  const generation = await nextGeneration(tx);
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
