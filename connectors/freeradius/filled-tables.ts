import { sql } from 'kysely';
import type { RadiusDatabase } from './database.ts';
import { neededTables } from './tables.ts';

/** The tables of those that the hub writes which hold any row. Accounting is not among them: it is FreeRADIUS's own. */
export async function filledTables({ connection }: RadiusDatabase): Promise<readonly string[]> {
  const filled: string[] = [];
  for (const table of neededTables.filter((name) => name !== 'radacct')) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(connection);
    if (rows.length > 0) filled.push(table);
  }
  return filled;
}
