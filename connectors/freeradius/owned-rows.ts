import { type RawBuilder, sql } from 'kysely';
import type { RadiusConnection, RadiusTransaction } from './database.ts';
import type { Cells, Change, RowId, StoredRow } from './diff.ts';
import type { Flavor } from './flavor.ts';
import type { OwnedTable } from './tables.ts';

export type FoundRow = {
  readonly found_in: string;
  readonly row_id: RowId;
  readonly row_owner: string;
  readonly cell0: string;
  readonly cell1: string | null;
  readonly cell2: string | null;
};

export type Lookup = { readonly table: OwnedTable; readonly owners: readonly string[] };

/** Narrow enough for the longest statement that both servers take without tuning. */
const maxRowsAStatement = 1_000;

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += maxRowsAStatement)
    yield items.slice(start, start + maxRowsAStatement);
}

function selectRows(flavor: Flavor, { table, owners }: Lookup): RawBuilder<FoundRow> {
  const owned =
    table.owner === 'username'
      ? flavor.namesIn(table.owner, owners)
      : sql`${sql.ref(table.owner)} in (${sql.join(owners)})`;
  const cells = [0, 1, 2].map((place) => {
    const column = table.columns[place];
    return sql`${column === undefined ? sql`null` : flavor.text(column)} as ${sql.ref(`cell${place}`)}`;
  });
  return sql`
    select ${sql.lit(table.name)} as found_in, id as row_id, ${flavor.text(table.owner)} as row_owner, ${sql.join(cells)}
    from ${sql.table(table.name)} where ${owned}`;
}

/** A row as it is diffed. A schema that made `op` a fixed-width column pads it. */
export const storedRow = (table: OwnedTable, row: Omit<FoundRow, 'found_in'>): StoredRow => ({
  id: row.row_id,
  owner: row.row_owner,
  cells: cellsOf(table, row),
});

const cellsOf = (table: OwnedTable, row: Omit<FoundRow, 'found_in'>): Cells =>
  [row.cell0, row.cell1, row.cell2]
    .slice(0, table.columns.length)
    .map((cell, place) => (table.columns[place] === 'op' ? (cell?.trimEnd() ?? null) : cell));

/**
 * Rows of several tables in one statement, each table's by ascending id, in the order of the lookups: all whose owner
 * FreeRADIUS takes for one of `owners`. It takes `Budi` for `budi`: the owner is answered as it is stored, and the caller
 * tells twins apart.
 */
export async function readTables(
  connection: RadiusConnection,
  flavor: Flavor,
  lookups: readonly Lookup[],
): Promise<readonly (readonly StoredRow[])[]> {
  const asked = lookups.filter(({ owners }) => owners.length > 0);
  if (asked.length === 0) return lookups.map(() => []);
  const selects = asked.map((lookup) => selectRows(flavor, lookup));
  const { rows } = await sql<FoundRow>`${sql.join(selects, sql` union all `)} order by row_id`.execute(connection);
  return lookups.map(({ table }) =>
    rows.filter((row) => row.found_in === table.name).map((row) => storedRow(table, row)),
  );
}

/** Rows that become alike are changed in one statement: ten thousand moves to isolir are a handful of these. */
function alike(changes: readonly Change[]): ReadonlyMap<string, { readonly cells: Cells; readonly ids: RowId[] }> {
  const groups = new Map<string, { readonly cells: Cells; readonly ids: RowId[] }>();
  for (const { id, cells } of changes.flatMap((change) => change.updates)) {
    const key = JSON.stringify(cells);
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { cells, ids: [id] });
  }
  return groups;
}

async function updateRows(transaction: RadiusTransaction, table: OwnedTable, cells: Cells, ids: readonly RowId[]) {
  const assignments: RawBuilder<unknown>[] = table.columns.map((column, i) => sql`${sql.ref(column)} = ${cells[i]}`);
  await sql`update ${sql.table(table.name)} set ${sql.join(assignments)} where id in (${sql.join(ids)})`.execute(
    transaction,
  );
}

async function insertRows(
  transaction: RadiusTransaction,
  table: OwnedTable,
  rows: readonly (readonly [string, Cells])[],
): Promise<void> {
  const columns = [table.owner, ...table.columns].map((column) => sql.ref(column));
  const values = rows.map(([owner, cells]) => sql`(${sql.join([owner, ...cells])})`);
  await sql`insert into ${sql.table(table.name)} (${sql.join(columns)}) values ${sql.join(values)}`.execute(
    transaction,
  );
}

/** Carries out the changes of many owners in one table. Nothing is sent where nothing changes. */
export async function writeChanges(
  transaction: RadiusTransaction,
  table: OwnedTable,
  changes: ReadonlyMap<string, Change>,
): Promise<void> {
  const all = [...changes.values()];
  for (const { cells, ids } of alike(all).values()) {
    for (const slice of slices(ids)) await updateRows(transaction, table, cells, slice);
  }
  for (const slice of slices(all.flatMap((change) => change.deletes))) {
    await sql`delete from ${sql.table(table.name)} where id in (${sql.join(slice)})`.execute(transaction);
  }
  const inserts = [...changes].flatMap(([owner, change]) => change.inserts.map((cells) => [owner, cells] as const));
  for (const slice of slices(inserts)) await insertRows(transaction, table, slice);
}
