import { record } from '#audit/record.ts';
import type { Database } from '#db/database.ts';
import { eraseTenant } from '#db/erase-tenant.ts';
import type { OwnerDoor } from '#db/owner-door.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import { invalid, notFound } from '#platform/refusal.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import {
  askForDeletion,
  bury,
  findTombstone,
  leavingTenants,
  mayErase,
  progressOf,
  sendRemoval,
} from './deletion-store.ts';
import type { Tenant } from './schema.ts';
import { findTenant, lockTenant } from './store.ts';

type AskingDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly onChange: (tenantId: string) => void;
};

function confirmed(confirm: string, subdomain: string): void {
  if (confirm !== subdomain) throw invalid('confirm', `must be the subdomain of the tenant, ${subdomain}`);
}

/**
 * Asks for the deletion of a tenant (spec T4): it is inactive at once, and goes bit by bit. Answers the tenant while that
 * lasts, null once it is gone; asking again is harmless.
 */
export async function deleteTenant(deps: AskingDeps, who: Who, confirm: string): Promise<Tenant | null> {
  demand(who.caller, 'tenants:write');
  const id = who.tenantId;
  const tenant = await deps.db.gate(async (tx) => {
    const found = await lockTenant(tx, id);
    if (!found) {
      const tombstone = await findTombstone(tx, id);
      if (!tombstone) throw notFound('tenant');
      confirmed(confirm, tombstone.subdomain);
      return null;
    }
    confirmed(confirm, found.subdomain);
    if (found.state === 'deleting') return found;
    await askForDeletion(tx, id, who.caller.userId, new Date(deps.clock()));
    const { name, subdomain, is_active } = found;
    // In the platform's own trail: the tenant's goes with it.
    const platform = { ...who, tenantId: null };
    await record(tx, platform, { action: 'delete', entity: 'tenant', id, before: { name, subdomain, is_active } });
    return findTenant(tx, id);
  });
  deps.onChange(id);
  return tenant;
}

export type Leaving = AskingDeps & {
  readonly log: Log;
  readonly owner: OwnerDoor;
  readonly files: Pick<TenantFiles, 'removeAll'>;
};

/** One step of one deletion; answers whether it came further. */
async function leave(l: Leaving, tenantId: string): Promise<boolean> {
  const { removal, underWay, unlinked } = await l.db.worker(tenantId, (tx) => progressOf(tx, tenantId));
  // What a process is just writing for it would come after the removal.
  if (underWay) return false;
  if (removal === null) {
    await l.db.worker(tenantId, (tx) => sendRemoval(tx, tenantId));
    return true;
  }
  if (removal !== 'done' || unlinked) return false;
  await l.files.removeAll(tenantId);
  const rows = await l.owner.act(async (tx) => {
    if (!(await mayErase(tx, tenantId))) return null;
    await bury(tx, tenantId, new Date(l.clock()));
    return eraseTenant(tx, tenantId);
  });
  if (rows === null) return false;
  l.onChange(tenantId);
  l.log.info('a tenant was deleted', { tenant: tenantId, rows });
  return true;
}

/**
 * Goes on with every deletion that was asked for: its removal at the enforcer, its files, then all its rows in one
 * transaction of the owner. Each step is found from what stands in the tables, so a process that dies in between is
 * followed by any other. Answers how many came further; one that fails holds up no other.
 */
export async function continueDeletions(l: Leaving): Promise<number> {
  const leaving = await l.db.gate((tx) => leavingTenants(tx));
  let steps = 0;
  for (const { id } of leaving) {
    try {
      if (await leave(l, id)) steps += 1;
    } catch (error) {
      l.log.error('a deletion failed; it goes on', { tenant: id, error, next: 'at the next turn' });
    }
  }
  return steps;
}
