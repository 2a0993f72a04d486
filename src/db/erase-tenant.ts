import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

type Edge = { readonly child: string; readonly parent: string };

/** Every table with a `tenant_id`, as the catalogue has it; partitions are reached through their parents. */
async function tablesOfTenants(tx: Tx): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not a.attisdropped
    order by c.relname`.execute(tx);
  return rows.map(({ name }) => name);
}

async function references(tx: Tx): Promise<readonly Edge[]> {
  const { rows } = await sql<Edge>`
    select distinct child.relname as child, parent.relname as parent from pg_constraint k
    join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
    where k.contype = 'f' and child.oid <> parent.oid`.execute(tx);
  return rows;
}

/** Those that refer to others first; throws where they refer to each other in a circle. */
export function childrenFirst(tables: readonly string[], edges: readonly Edge[]): readonly string[] {
  const left = new Set(tables);
  const ordered: string[] = [];
  while (left.size > 0) {
    const free = [...left].filter(
      (table) => !edges.some(({ child, parent }) => parent === table && child !== table && left.has(child)),
    );
    if (free.length === 0) throw new Error(`These tables refer to each other in a circle: ${[...left].join(', ')}.`);
    for (const table of free) left.delete(table);
    ordered.push(...free);
  }
  return ordered;
}

/**
 * Removes every row of one tenant from the bridge, itself last (spec T4), in the owner's transaction `tx`. Whoever is
 * just writing for the tenant is waited for, and whoever comes later finds no tenant; one who writes to a row of the
 * tenant's alone (a timeline) and was not done yet makes it fail, and the next turn takes that as well. Answers how many
 * rows went.
 */
export async function eraseTenant(tx: Tx, tenantId: string): Promise<number> {
  await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
  const { rows: found } = await sql`select id from tenants where id = ${tenantId} for update`.execute(tx);
  if (found.length === 0) return 0;
  let erased = 0;
  for (const table of childrenFirst(await tablesOfTenants(tx), await references(tx))) {
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where tenant_id = ${tenantId}`.execute(tx);
    erased += Number(numAffectedRows ?? 0n);
  }
  await sql`delete from tenants where id = ${tenantId}`.execute(tx);
  return erased + 1;
}
