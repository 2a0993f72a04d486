import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { OwnerDoor } from '#db/owner-door.ts';
import type { Tables } from '#db/tables.ts';

/**
 * The owner's door with a connection that stays open. Erasing asks the server for plans over every table; where it is done
 * a hundred times, to make them anew each time is most of the work.
 */
export function openKeptOwner(url: string): OwnerDoor & { close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, options: '-c role=hub_owner', max: 1 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { act: (work) => db.transaction().execute(work), close: () => db.destroy() };
}
