import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import type { Vault } from '#platform/secrets.ts';

/** Columns whose values the master key itself seals, with the row's `id` in their place; those of tenants are under data keys. */
const installationColumns = [
  { table: 'signing_keys', column: 'private_key' },
  { table: 'users', column: 'totp_secret' },
  { table: 'idempotency_keys', column: 'answer' },
] as const;
type Sealed = { readonly id: string; readonly value: string };

/** What stands under former master keys. */
type Columns = (typeof installationColumns)[number] | { readonly table: 'tenants'; readonly column: 'data_key' };
const dataKeys = { table: 'tenants', column: 'data_key' } as const;

async function under(tx: Tx, { table, column }: Columns, formerIds: readonly string[]): Promise<readonly Sealed[]> {
  const value = sql.ref(column);
  const { rows } = await sql<Sealed>`
    select id::text as id, ${value} as value from ${sql.table(table)}
    where ${value} like 'v1:%' and split_part(${value}, ':', 2) = any(${[...formerIds]}) order by id`.execute(tx);
  return rows;
}

/** Puts `fresh` where `old` stands; whoever changed it meanwhile sealed it anew, and stands. */
async function replace(
  tx: Tx,
  { table, column }: Columns,
  { id, value: old }: Sealed,
  fresh: string,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${fresh}
    where id::text = ${id} and ${sql.ref(column)} = ${old}`.execute(tx);
  return numAffectedRows === 1n;
}

/** How many values still need one of the former keys. */
export const leftUnder = (db: Database, formerIds: readonly string[]): Promise<number> =>
  db.gate(async (tx) => {
    let left = 0;
    for (const columns of [dataKeys, ...installationColumns]) left += (await under(tx, columns, formerIds)).length;
    return left;
  });

/**
 * Seals under the current master key what stands under former ones: each tenant's data key, and the installation's own
 * secrets. The tenants' secrets stay as they are, for their data keys do. May be repeated, and broken off, at any time.
 */
export async function rewrapSecrets(
  db: Database,
  vault: Vault,
  formerIds: readonly string[],
): Promise<{ readonly dataKeys: number; readonly own: number }> {
  const each = async (columns: Columns, anew: (sealed: Sealed) => string): Promise<number> => {
    let count = 0;
    for (const sealed of await db.gate((tx) => under(tx, columns, formerIds))) {
      if (await db.gate((tx) => replace(tx, columns, sealed, anew(sealed)))) count += 1;
    }
    return count;
  };
  let own = 0;
  for (const columns of installationColumns) {
    const { installation } = vault;
    own += await each(columns, ({ id, value }) => {
      const place = { ...columns, row: id };
      return installation.seal(installation.open(value, place), place);
    });
  }
  return { dataKeys: await each(dataKeys, ({ id, value }) => vault.rewrap(id, value)), own };
}
