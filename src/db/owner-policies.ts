import { sql } from 'kysely';
import type { OwnerDoor } from '#db/owner-door.ts';

type Missing = { readonly name: string; readonly tenant: string };

/** Tables of tenants' rows, partitions left out: their parent's policy is the one that counts. */
const missing = sql<Missing>`
  select c.relname as name, a.attname as tenant from pg_class c
  join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    and a.attname = case c.relname when 'tenants' then 'id' else 'tenant_id' end
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'erase')
  order by c.relname`;

/**
 * Row-level security is forced, so the owner too sees nothing without a policy. Gives each table of tenants' rows one
 * that lets the owner at the rows of the tenant that its transaction names, and of no other. Runs after the migrations,
 * over the catalogue, so that a table added later is erased with its tenant without anybody remembering.
 */
export const letOwnerErase = (owner: OwnerDoor): Promise<readonly string[]> =>
  owner.act(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('jembatan owner policies'))`.execute(tx);
    const { rows } = await missing.execute(tx);
    for (const { name, tenant } of rows) {
      await sql`create policy erase on ${sql.table(name)} to hub_owner
        using (${sql.ref(tenant)} = (select current_tenant()))`.execute(tx);
    }
    return rows.map(({ name }) => name);
  });
