import type { Database } from '#db/database.ts';
import { type Caller, demand } from '#platform/caller.ts';
import type { AuditPage, AuditQuery } from './schema.ts';
import { listEntries } from './store.ts';

export type AuditDeps = { readonly db: Database };

/**
 * A page of the audit log (spec V4): of the caller's tenant, or, for the platform owner, of what platform owners did and
 * what was done to the platform itself.
 */
export async function findEntries({ db }: AuditDeps, caller: Caller, query: AuditQuery): Promise<AuditPage> {
  demand(caller, 'audit:read');
  return caller.tenantId === null
    ? db.gate((tx) => listEntries(tx, query))
    : db.tenant(caller.tenantId, (tx) => listEntries(tx, query));
}
