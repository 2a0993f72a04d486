import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { Refusal } from '#platform/refusal.ts';

/** Tries a part of a transaction: what is refused leaves nothing behind, and the rest goes on. Attempts may nest. */
export async function attempt<T>(tx: Tx, work: () => Promise<T>): Promise<Result<T, Refusal>> {
  await sql`savepoint attempt`.execute(tx);
  try {
    const value = await work();
    await sql`release savepoint attempt`.execute(tx);
    return ok(value);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await sql`rollback to savepoint attempt`.execute(tx);
    await sql`release savepoint attempt`.execute(tx);
    return err(error);
  }
}
