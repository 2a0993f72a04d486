import { sql } from 'kysely';
import { ok, type Result } from '#domain/result.ts';
import type { EnforcerFailure } from '#ports/enforcer/port.ts';
import { openRadiusDatabase } from './database.ts';
import { classifyUsers, type ImportCandidate, type MembershipRow, type OwnedRow } from './import-candidates.ts';
import { readRadiusMapping } from './mapping.ts';
import { transact } from './transact.ts';

/**
 * What `jembatan radius import` would adopt from a FreeRADIUS or daloRADIUS database (spec R1); writes nothing. Every
 * user of the lookup tables is in the answer, by name; those with problems too, so that nobody is left behind unseen.
 */
export async function previewImport(databaseUrl: string): Promise<Result<readonly ImportCandidate[], EnforcerFailure>> {
  const database = openRadiusDatabase(databaseUrl);
  try {
    return await transact(database, async (transaction) => {
      const check = await sql<OwnedRow>`
        select username, attribute, op, value from radcheck order by id`.execute(transaction);
      const reply = await sql<OwnedRow>`
        select username, attribute, op, value from radreply order by id`.execute(transaction);
      const groups = await sql<MembershipRow>`
        select username, groupname, priority from radusergroup order by priority, id`.execute(transaction);
      return ok(classifyUsers({ check: check.rows, reply: reply.rows, groups: groups.rows }, readRadiusMapping()));
    });
  } finally {
    await database.close();
  }
}
