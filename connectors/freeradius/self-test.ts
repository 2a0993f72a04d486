import { sql } from 'kysely';
import { err, ok, type Result } from '#domain/result.ts';
import type { EnforcerFailure } from '#ports/enforcer/port.ts';
import type { RadiusDatabase } from './database.ts';
import { neededTables } from './tables.ts';
import { ask } from './transact.ts';

const currentSchema = { mysql: sql`database()`, postgres: sql`current_schema()` };

/** See `Enforcer.test`. */
export function selfTest({ connection, flavor }: RadiusDatabase): Promise<Result<string, EnforcerFailure>> {
  return ask(async () => {
    const tables = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = ${currentSchema[flavor.kind]}`.execute(connection);
    const present = new Set(tables.rows.map((row) => row.name.toLowerCase()));
    const missing = neededTables.filter((table) => !present.has(table));
    if (missing.length > 0) {
      const detail = `the RADIUS database answers, but has no table ${missing.join(', ')}; run \`jembatan migrate\``;
      return err({ reason: 'rejected', detail });
    }
    const counts = await sql<{ users: string; sessions: string }>`
      select (select count(distinct username) from radusergroup) as users,
        (select count(*) from radacct where acctstoptime is null) as sessions`.execute(connection);
    const { users = '0', sessions = '0' } = counts.rows[0] ?? {};
    return ok(`FreeRADIUS on ${flavor.kind}: all tables there, ${users} users in groups, ${sessions} sessions open`);
  });
}
