import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Tables } from '#db/tables.ts';

/**
 * The way to act as `hub_owner`, who owns the tables. Row-level security binds it as well: it sees no tenant's rows but
 * those of the one that a transaction names, and only through the policy `erase`.
 */
export type OwnerDoor = {
  /** One transaction as the owner, on a connection that is opened for it and closed after it. */
  act<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
};

/** Erasing a large tenant takes its time; a lock that somebody holds for so long is tried again by whoever asked. */
const settings = '-c role=hub_owner -c statement_timeout=600000 -c lock_timeout=10000';

/**
 * The only place of the running hub that becomes the owner, for what no role that answers requests may do: erase a
 * tenant whole (spec T4) and make partitions ahead. No connection stays open.
 */
export const createOwnerDoor = (url: string): OwnerDoor => ({
  async act(work) {
    const pool = new pg.Pool({
      connectionString: url,
      options: settings,
      application_name: 'jembatan hub_owner',
      max: 1,
      connectionTimeoutMillis: 5_000,
    });
    // A server that goes away between two statements is told by the next one.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    try {
      return await db.transaction().execute(work);
    } finally {
      await db.destroy();
    }
  },
});
