import { sql } from 'kysely';
import { groupNamespace } from '#domain/radius-groups.ts';
import type { RadiusTransaction } from './database.ts';
import type { StoredRow } from './diff.ts';
import type { Flavor } from './flavor.ts';
import { writeChanges } from './owned-rows.ts';
import { type OwnedTable, radgroupcheck, radgroupreply, radusergroup } from './tables.ts';

/** Whether a group stands in the tenant's namespace, compared byte by byte. */
export const ownedBy = (tenantKey: string, group: string): boolean => groupNamespace(group) === tenantKey;

/** Removes rows by their ids; answers how many they were. */
export async function removeIds(
  transaction: RadiusTransaction,
  table: OwnedTable,
  rows: readonly Pick<StoredRow, 'id'>[],
): Promise<number> {
  const change = { deletes: rows.map(({ id }) => id), updates: [], inserts: [] };
  await writeChanges(transaction, table, new Map([['', change]]));
  return rows.length;
}

/** Removes a tenant's groups, and memberships in them that are left. MySQL's `like` ignores case, so names are looked at again. */
export async function removeGroups(transaction: RadiusTransaction, flavor: Flavor, tenantKey: string): Promise<number> {
  let removed = 0;
  for (const table of [radusergroup, radgroupcheck, radgroupreply]) {
    const { rows } = await sql<{ id: number | string; name: string }>`
      select id, ${flavor.text('groupname')} as name from ${sql.table(table.name)}
      where groupname like ${`${tenantKey}:%`}`.execute(transaction);
    removed += await removeIds(
      transaction,
      table,
      rows.filter(({ name }) => ownedBy(tenantKey, name)),
    );
  }
  return removed;
}
