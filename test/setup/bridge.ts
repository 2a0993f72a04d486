import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
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

async function asSuperuser<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const inDatabase = (postgresUrl: string, name: string): string => {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
};

/** The migrations as they are now: whoever writes one while the tests watch gets another template. */
function templateName(): string {
  const folder = new URL('../../migrations/bridge/', import.meta.url);
  const digest = createHash('sha256');
  for (const file of readdirSync(folder).toSorted()) digest.update(file).update(readFileSync(new URL(file, folder)));
  return `hub_template_${digest.digest('hex').slice(0, 12)}`;
}

/**
 * The migrated bridge that the server's others are copies of: to copy one is a fifth of the work of migrating. Whoever
 * comes first makes it; it lets nobody in, so that nobody stands in the way of a copy.
 */
async function makeTemplate(postgresUrl: string, client: pg.Client): Promise<string> {
  const name = templateName();
  await client.query(`select pg_advisory_lock(hashtext('${name}'))`);
  const { rows } = await client.query('select datallowconn as open from pg_database where datname = $1', [name]);
  if (rows[0]?.open !== false) {
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name}`);
    await migrateBridge(inDatabase(postgresUrl, name));
    await client.query(`alter database ${name} with allow_connections false`);
  }
  await client.query(`select pg_advisory_unlock(hashtext('${name}'))`);
  return name;
}

/** A migrated bridge of the test file's own on the run's PostgreSQL; `close()` drops it. */
export async function createTestBridge(postgresUrl: string, poolSize = 5): Promise<TestBridge> {
  const name = `hub_${randomBytes(6).toString('hex')}`;
  await asSuperuser(postgresUrl, async (client) => {
    const template = await makeTemplate(postgresUrl, client);
    await client.query(`create database ${name} template ${template} strategy file_copy`);
  });
  const url = inDatabase(postgresUrl, name);
  const db = openDatabase(url, poolSize);
  const superuser = new pg.Pool({ connectionString: url, max: 1 });
  // Dropping the database ends its connection while it closes.
  superuser.on('error', () => undefined);
  return {
    url,
    db,
    look: async <T>(sql: string, values: readonly unknown[] = []) =>
      (await superuser.query(sql, [...values])).rows as T[],
    close: async () => {
      await db.close();
      await superuser.end();
      await asSuperuser(postgresUrl, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}
