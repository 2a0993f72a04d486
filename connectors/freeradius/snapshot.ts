import { sql } from 'kysely';
import type { RadiusConnection, RadiusDatabase } from './database.ts';

/** Reads several statements of one moment: nobody's commit comes between them. */
export const atOneMoment = <T>(
  { connection, flavor }: RadiusDatabase,
  work: (snapshot: RadiusConnection) => Promise<T>,
): Promise<T> =>
  connection.connection().execute(async (own) => {
    // MySQL's sessions are READ COMMITTED, under which a snapshot is a statement's.
    if (flavor.kind === 'mysql') await sql`set transaction isolation level repeatable read`.execute(own);
    await flavor.beginSnapshot.execute(own);
    try {
      return await work(own);
    } finally {
      // A connection that is gone has ended its transaction by itself; the fault that led here is what counts.
      await sql`rollback`.execute(own).catch(() => undefined);
    }
  });
