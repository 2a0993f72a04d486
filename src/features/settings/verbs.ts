import { z } from 'zod';
import type { Database, Tx } from '#db/database.ts';
import { type Caller, requireRole, tenantOf } from '#platform/routing.ts';
import { readTenantSettings, type TenantSettings, type TenantSettingsChange } from '#platform/tenant-settings.ts';
import { lockSettings, readSettings, writeSettings } from './store.ts';

export type SettingsDeps = {
  readonly db: Database;
  /** In the transaction of a change that moves cut times: every line is to be decided about again. */
  readonly onPolicyChange: (tx: Tx, tenantId: string) => Promise<void>;
  /** In the transaction that lets subscribers log in at other tenants' routers, or stops it (spec R7). */
  readonly onRoamingChange: (tx: Tx, tenantId: string, allowed: boolean) => Promise<void>;
};

const Stored = z.record(z.string(), z.unknown());

/** What is stored after a change: only what was ever set, so that a default may still become another one. */
function merged(stored: unknown, change: TenantSettingsChange): Record<string, unknown> {
  const before = Stored.parse(stored ?? {});
  const within = (key: 'code_formats' | 'branding') =>
    change[key] && { [key]: { ...Stored.parse(before[key] ?? {}), ...change[key] } };
  return { ...before, ...change, ...within('code_formats'), ...within('branding') };
}

export function showSettings({ db }: SettingsDeps, caller: Caller): Promise<TenantSettings> {
  const tenantId = tenantOf(caller);
  return db.tenant(tenantId, async (tx) => readTenantSettings(await readSettings(tx, tenantId)));
}

/** Changes what is named and leaves the rest (spec T5). */
export function changeSettings(
  deps: SettingsDeps,
  caller: Caller,
  change: TenantSettingsChange,
): Promise<TenantSettings> {
  const tenantId = tenantOf(caller);
  requireRole(caller, 'admin');
  return deps.db.tenant(tenantId, async (tx) => {
    const stored = await lockSettings(tx, tenantId);
    const before = readTenantSettings(stored);
    const next = merged(stored, change);
    const after = readTenantSettings(next);
    await writeSettings(tx, tenantId, next);
    if (after.time_zone !== before.time_zone || after.grace_days !== before.grace_days) {
      await deps.onPolicyChange(tx, tenantId);
    }
    if (after.allow_roaming !== before.allow_roaming) {
      await deps.onRoamingChange(tx, tenantId, after.allow_roaming);
    }
    return after;
  });
}
