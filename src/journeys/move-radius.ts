import { sql } from 'kysely';
import { provisionTenant } from '#access/provision-tenant.ts';
import type { Tx } from '#db/database.ts';
import { applyEveryGroup } from '#features/plans/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

/** Other processes speak with the former enforcer until they have asked what changed; they do so every 5 s. */
const heardOfSeconds = 6;

/** The tenant has another RADIUS database: what users stand on is written there before the first of them (law 7). */
export async function moveRadius(tx: Tx, who: Who): Promise<void> {
  const { tenantId } = who;
  const { settings } = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  await provisionTenant(tx, tenantId, readTenantSettings(settings).allow_roaming);
  await applyEveryGroup(tx, who);
  await tx
    .updateTable('outbox')
    .set({ next_at: sql<Date>`now() + make_interval(secs => ${heardOfSeconds})` })
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'ready')
    .where('kind', 'in', ['tenant.apply', 'group.apply'])
    .execute();
}
