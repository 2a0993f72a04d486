import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, verdictOf } from '#outbox/dispatching.ts';

type RemovalIntent = Extract<Intent, { kind: 'tenant.remove' }>;

const usernamesOf = async (tx: Tx, tenantId: string): Promise<readonly string[]> =>
  (
    await tx
      .selectFrom('subscriptions')
      .where('tenant_id', '=', tenantId)
      .select('canonical_username')
      .orderBy('canonical_username')
      .execute()
  ).map((row) => row.canonical_username);

/** Takes a tenant that is being deleted out of its enforcer; what it waits for stands with the tenant, for all to see. */
export async function dispatchRemoval(
  d: Pick<Dispatching, 'db' | 'log' | 'enforcerOf'>,
  claimed: Claimed,
  intent: RemovalIntent,
): Promise<void> {
  const { tenantId } = claimed;
  const enforcer = await d.enforcerOf(tenantId);
  const usernames = await d.db.worker(tenantId, (tx) => usernamesOf(tx, tenantId));
  const removed = enforcer ? await enforcer.removeTenant({ tenantKey: intent.tenantKey, usernames }) : null;
  const verdict = removed === null ? noEnforcer : removed.ok ? ({ state: 'done' } as const) : verdictOf(removed.error);
  const waitsFor = 'error' in verdict ? `the RADIUS database: ${verdict.error}` : null;
  await d.db.worker(tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    await tx.updateTable('tenants').set({ deletion_waits_for: waitsFor }).where('id', '=', tenantId).execute();
  });
  logAttempt(d.log, claimed, verdict);
}
