import { sql } from 'kysely';
import type { Tx } from '#db/role-pool.ts';

/** Whether a transaction has changed anything so far; one that only read has no id yet. */
export async function hasWritten(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ wrote: boolean }>`
    select pg_current_xact_id_if_assigned() is not null as wrote`.execute(tx);
  return rows[0]?.wrote === true;
}
