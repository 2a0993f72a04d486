import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Tables } from '#db/tables.ts';

type Column<Table extends keyof Tables> = string & keyof Tables[Table];

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
  const columns = sql.join(Object.keys(first).map((column) => sql.ref(column)));
  const sent = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
  await sql`
    insert into ${sql.table(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${sent}::jsonb)`.execute(tx);
}
