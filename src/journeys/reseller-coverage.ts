import type { Tx } from '#db/database.ts';
import { servedAt } from '#features/leads/verbs.ts';
import type { Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';

type Place = { readonly latitude: number; readonly longitude: number };

async function sellsAnywhere(tx: Tx, tenantId: string): Promise<boolean> {
  const tenant = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return readTenantSettings((await tenant.executeTakeFirstOrThrow()).settings).resellers_outside_coverage;
}

/** Whether a place can be served, and whether a reseller may register who lives there (spec C8, S1). */
export async function checkPlace(tx: Tx, who: Who, place: Place) {
  const { tenantId } = who;
  const { areas, hasAreas } = await servedAt(tx, tenantId, place);
  const covered = areas.length > 0;
  return { covered, areas: [...areas], may_register: covered || !hasAreas || (await sellsAnywhere(tx, tenantId)) };
}

/**
 * Refuses a registration by a reseller where the provider has no net: who lives there becomes a lead. A provider that has
 * drawn no areas, or lets its resellers sell anywhere, refuses none.
 */
export async function demandCoverage(tx: Tx, { tenantId }: Who, place: Place | null): Promise<void> {
  if (await sellsAnywhere(tx, tenantId)) return;
  const { areas, hasAreas } = await servedAt(tx, tenantId, place);
  if (!hasAreas || areas.length > 0) return;
  if (place === null) throw invalid('latitude', 'Say where it is: latitude and longitude, for the coverage check.');
  const message = 'There is no coverage there. Note it as a lead: the provider checks what can be done.';
  throw new Refusal('CONFLICT', message, { reason: 'outside_coverage' });
}
