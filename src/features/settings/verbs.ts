import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { readTenantSettings, type TenantSettings, type TenantSettingsChange } from '#platform/tenant-settings.ts';
import { lockSettings, readSettings, writeSettings } from './store.ts';
import { merged } from './stored-settings.ts';

export type SettingsDeps = {
  readonly db: Database;
  /** In the transaction of a change that moves cut times: every line is to be decided about again. */
  readonly onPolicyChange: (tx: Tx, tenantId: string) => Promise<void>;
  /** In the transaction that lets subscribers log in at other tenants' routers, or stops it (spec R7). */
  readonly onRoamingChange: (tx: Tx, tenantId: string, allowed: boolean) => Promise<void>;
};

/** What moves cuts to another time. */
const decides = [
  'time_zone',
  'grace_days',
  'no_cut',
  'notice_hours',
  'dunning',
] as const satisfies readonly (keyof TenantSettings)[];

export function showSettings(deps: SettingsDeps, who: Who): Promise<TenantSettings> {
  demand(who.caller, 'settings:read');
  return deps.db.tenant(who.tenantId, async (tx) => readTenantSettings(await readSettings(tx, who.tenantId)));
}

/** Changes what is named and leaves the rest (spec T5). */
export function changeSettings(deps: SettingsDeps, who: Who, change: TenantSettingsChange): Promise<TenantSettings> {
  demand(who.caller, 'settings:write');
  const { tenantId } = who;
  return deps.db.tenant(tenantId, async (tx) => {
    const stored = await lockSettings(tx, tenantId);
    const before = readTenantSettings(stored);
    const next = merged(stored, change);
    const after = readTenantSettings(next);
    await writeSettings(tx, tenantId, next);
    await record(tx, who, { action: 'update', entity: 'settings', id: tenantId, before, after });
    if (decides.some((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]))) {
      await deps.onPolicyChange(tx, tenantId);
    }
    if (after.allow_roaming !== before.allow_roaming) {
      await deps.onRoamingChange(tx, tenantId, after.allow_roaming);
    }
    return after;
  });
}
