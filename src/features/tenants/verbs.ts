import { randomUUID } from 'node:crypto';
import type { Database, Tx } from '#db/database.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { type Caller, requireRole } from '#platform/routing.ts';
import type { Vault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { NewTenant, Tenant, TenantChange, TenantPage, TenantQuery } from './schema.ts';
import { hasSameKey, insertTenant, isActive, listTenants, readSettings, updateTenant } from './store.ts';

export type TenantsDeps = {
  readonly db: Database;
  readonly vault: Vault;
  /** Appends what a tenant needs at the enforcer before its first subscriber: its groups, its entry. Repeating it is harmless. */
  readonly provision: (tx: Tx, tenantId: string, allowRoaming: boolean) => Promise<void>;
  /** After the commit of any change: what is remembered of this tenant is out of date. */
  readonly onChange: (tenantId: string) => void;
};

const owner = 'platform_owner';

async function freeId(tx: Tx): Promise<string> {
  const id = randomUUID();
  return (await hasSameKey(tx, id)) ? freeId(tx) : id;
}

/**
 * Provisions, then activates. A hub that dies in between leaves an inactive tenant, which activating completes: an active
 * one without its groups would let subscribers in at full speed (law 7).
 */
async function activate(deps: TenantsDeps, id: string, change: TenantChange): Promise<Tenant | null> {
  await deps.db.tenant(id, async (tx) => {
    const { allow_roaming } = readTenantSettings(await readSettings(tx, id));
    await deps.provision(tx, id, allow_roaming);
  });
  return deps.db.gate((tx) => updateTenant(tx, id, { ...change, is_active: true }));
}

export async function createTenant(deps: TenantsDeps, caller: Caller, { name, subdomain }: NewTenant): Promise<Tenant> {
  requireRole(caller, owner);
  const made = await deps.db.gate(async (tx) => {
    const id = await freeId(tx);
    return insertTenant(tx, { id, name, subdomain, data_key: deps.vault.newDataKey(id) });
  });
  if (!made) throw new Refusal('DUPLICATE_ENTRY', `The subdomain ${subdomain} is taken.`, { field: 'subdomain' });
  const tenant = await activate(deps, made.id, {});
  deps.onChange(made.id);
  return tenant ?? made;
}

export function findTenants(deps: TenantsDeps, caller: Caller, query: TenantQuery): Promise<TenantPage> {
  requireRole(caller, owner);
  return deps.db.gate((tx) => listTenants(tx, query));
}

export async function changeTenant(
  deps: TenantsDeps,
  caller: Caller,
  id: string,
  change: TenantChange,
): Promise<Tenant> {
  requireRole(caller, owner);
  const wasActive = await deps.db.gate((tx) => isActive(tx, id));
  if (wasActive === null) throw notFound('tenant');
  const isActivation = change.is_active === true && !wasActive;
  const tenant = isActivation
    ? await activate(deps, id, change)
    : await deps.db.gate((tx) => updateTenant(tx, id, change));
  deps.onChange(id);
  if (!tenant) throw notFound('tenant');
  return tenant;
}
