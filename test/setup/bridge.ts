import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase } from '#db/database.ts';
import { migrateBridge } from '#db/migrate-bridge.ts';

export type TestBridge = {
  readonly url: string;
  readonly db: Database;
  /** As the cluster's superuser, past row-level security: for looking, never for what a test proves. */
  readonly look: <T>(sql: string, values?: readonly unknown[]) => Promise<T[]>;
  close(): Promise<void>;
};

async function asSuperuser(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A migrated bridge of the test file's own on the run's PostgreSQL; `close()` drops it. */
export async function createTestBridge(postgresUrl: string, poolSize = 5): Promise<TestBridge> {
  const name = `hub_${randomBytes(6).toString('hex')}`;
  await asSuperuser(postgresUrl, `create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  await migrateBridge(url.href);
  const db = openDatabase(url.href, poolSize);
  const superuser = new pg.Pool({ connectionString: url.href, max: 1 });
  // Dropping the database ends its connection while it closes.
  superuser.on('error', () => undefined);
  return {
    url: url.href,
    db,
    look: async <T>(sql: string, values: readonly unknown[] = []) =>
      (await superuser.query(sql, [...values])).rows as T[],
    close: async () => {
      await db.close();
      await superuser.end();
      await asSuperuser(postgresUrl, `drop database ${name} with (force)`);
    },
  };
}
