import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/**
 * Does the hub's own work within a request's transaction: what follows from the request at once (a line that was paid
 * for comes back) is committed with it or not at all. It is done under the role that the hub's own work has, for the
 * same tenant, whose rows are all that it sees.
 */
export async function asWorker<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ role: string }>`select current_setting('role') as role`.execute(tx);
  await sql`set local role hub_worker`.execute(tx);
  const answer = await work();
  await sql`select set_config('role', ${rows[0]?.role ?? 'hub_app'}, true)`.execute(tx);
  return answer;
}
