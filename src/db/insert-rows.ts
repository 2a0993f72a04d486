import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Tables } from '#db/tables.ts';

type Column<Table extends keyof Tables> = string & keyof Tables[Table];

/** As JSON takes it: sums are whole numbers beyond its own. A replacer would be asked about each value of each row. */
function plain(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const found = Object.keys(row).filter((column) => typeof row[column] === 'bigint');
  return found.length === 0 ? row : { ...row, ...Object.fromEntries(found.map((one) => [one, String(row[one])])) };
}

/**
 * Writes rows of one shape in one statement, whatever their number: they travel as one parameter, so that the statement
 * is the same each time, and is neither put together nor read through value by value. Every row has the columns of the
 * first.
 */
export async function insertRows<Table extends keyof Tables>(
  tx: Tx,
  table: Table,
  rows: readonly { readonly [column in Column<Table>]?: unknown }[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  // Names of ours, of tables and their columns: what is written out once is not put together name by name.
  const columns = Object.keys(first)
    .map((column) => `"${column}"`)
    .join(', ');
  const from = `insert into "${table}" (${columns}) select ${columns} from jsonb_populate_recordset(null::"${table}"`;
  await sql`${sql.raw(from)}, ${JSON.stringify(rows.map(plain))}::jsonb)`.execute(tx);
}
