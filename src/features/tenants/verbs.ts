import { randomUUID } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { type Caller, demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { Vault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { NewTenant, Tenant, TenantChange, TenantPage, TenantQuery } from './schema.ts';
import {
  findTenant,
  hasSameKey,
  insertTenant,
  listTenants,
  lockTenant,
  readSettings,
  updateTenant,
  wasTaken,
} from './store.ts';

export type TenantsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  /** Appends what a tenant needs at the enforcer before its first subscriber: its groups, its entry. Repeating it is harmless. */
  readonly provision: (tx: Tx, tenantId: string, allowRoaming: boolean) => Promise<void>;
  /** After the commit of any change: what is remembered of this tenant is out of date. */
  readonly onChange: (tenantId: string) => void;
};

/** Who asks, while there is no tenant yet that it asks about. */
export type Asking = Omit<Who, 'tenantId'>;

async function freeId(tx: Tx): Promise<string> {
  const id = randomUUID();
  return (await hasSameKey(tx, id)) ? freeId(tx) : id;
}

const leaves = (): Refusal => new Refusal('CONFLICT', 'This tenant is being deleted.');

/** Changes the row and notes what differs, in one transaction. */
function change(deps: TenantsDeps, who: Who, wanted: TenantChange): Promise<Tenant> {
  const id = who.tenantId;
  return deps.db.gate(async (tx) => {
    const before = await lockTenant(tx, id);
    if (!before) throw notFound('tenant');
    if (before.state === 'deleting') throw leaves();
    const after = await updateTenant(tx, id, wanted);
    if (!after) throw notFound('tenant');
    const fields = ({ name, is_active }: Tenant) => ({ name, is_active });
    await record(tx, who, { action: 'update', entity: 'tenant', id, before: fields(before), after: fields(after) });
    return after;
  });
}

/**
 * Before a tenant is active. A hub that dies in between leaves an inactive tenant, which activating completes: an active
 * one without its groups would let subscribers in at full speed (law 7).
 */
const provision = (deps: TenantsDeps, id: string): Promise<void> =>
  deps.db.tenant(id, async (tx) => {
    const { allow_roaming } = readTenantSettings(await readSettings(tx, id));
    await deps.provision(tx, id, allow_roaming);
  });

export async function createTenant(deps: TenantsDeps, asking: Asking, { name, subdomain }: NewTenant): Promise<Tenant> {
  demand(asking.caller, 'tenants:write');
  const made = await deps.db.gate(async (tx) => {
    if (await wasTaken(tx, subdomain)) return null;
    const id = await freeId(tx);
    const tenant = await insertTenant(tx, { id, name, subdomain, data_key: deps.vault.newDataKey(id) });
    if (tenant) {
      const after = { name, subdomain };
      await record(tx, { ...asking, tenantId: id }, { action: 'create', entity: 'tenant', id, after });
    }
    return tenant;
  });
  if (!made) throw new Refusal('DUPLICATE_ENTRY', `The subdomain ${subdomain} is taken.`, { field: 'subdomain' });
  await provision(deps, made.id);
  const tenant = await deps.db.gate((tx) => updateTenant(tx, made.id, { is_active: true }));
  deps.onChange(made.id);
  return tenant ?? made;
}

export async function findTenants(deps: TenantsDeps, caller: Caller, query: TenantQuery): Promise<TenantPage> {
  demand(caller, 'tenants:read');
  return deps.db.gate((tx) => listTenants(tx, query));
}

export async function readTenant(deps: TenantsDeps, caller: Caller, id: string): Promise<Tenant> {
  demand(caller, 'tenants:read');
  const tenant = await deps.db.gate((tx) => findTenant(tx, id));
  if (!tenant) throw notFound('tenant');
  return tenant;
}

export async function changeTenant(deps: TenantsDeps, who: Who, wanted: TenantChange): Promise<Tenant> {
  demand(who.caller, 'tenants:write');
  const id = who.tenantId;
  const before = await deps.db.gate((tx) => findTenant(tx, id));
  if (!before) throw notFound('tenant');
  if (before.state === 'deleting') throw leaves();
  if (wanted.is_active === true && !before.is_active) await provision(deps, id);
  const tenant = await change(deps, who, wanted);
  deps.onChange(id);
  return tenant;
}
