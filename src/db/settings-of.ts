import type { Tx } from '#db/role-pool.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';

/** A tenant's settings as they are in the caller's transaction, with the defaults of what was never set. */
export async function settingsOf(tx: Tx, tenantId: string): Promise<TenantSettings> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return readTenantSettings((await query.executeTakeFirstOrThrow()).settings);
}
