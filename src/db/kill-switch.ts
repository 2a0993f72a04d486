import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** Why nobody is cut off just now, and by whose switch. */
export type Stop = { readonly of: 'tenant' | 'installation'; readonly reason: string };

/** The rows of the switches that are on: the installation's, then the tenant's own. */
const switchesOn = (tenantId: string) => sql<Stop>`
  select 'installation' as of, reason from installation_kill_switch where is_on
  union all
  select 'tenant', reason from kill_switches where tenant_id = ${tenantId} and is_on`;

/** The same as `readStop`, within a larger statement. */
export const stopOf = (tenantId: string) =>
  sql<Stop | null>`select jsonb_build_object('of', s.of, 'reason', s.reason) from (${switchesOn(tenantId)}) s limit 1`;

/**
 * The kill switch that stops this tenant's cuts (spec B8): the installation's, else its own; null: neither is on. Read
 * inside every cut, without a lock: it waits for nobody.
 */
export async function readStop(tx: Tx, tenantId: string): Promise<Stop | null> {
  const { rows } = await switchesOn(tenantId).execute(tx);
  return rows[0] ?? null;
}
