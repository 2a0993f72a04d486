import pg from 'pg';
import type { Config } from '#platform/config.ts';
import { checkDurability } from '#platform/embedded-postgres/durability.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import type { Log } from '#platform/log.ts';

/** The databases of this installation, and the embedded server where one of them lies on it. */
export type Databases = {
  readonly bridgeUrl: string;
  readonly radiusUrl: string;
  readonly embedded: EmbeddedPostgres | null;
};

/** Both from the environment, or from a private PostgreSQL that is started (or found running) here. */
export async function findDatabases(config: Config, log: Log): Promise<Databases> {
  const { databaseUrl, radiusDatabaseUrl } = config;
  if (databaseUrl !== undefined && radiusDatabaseUrl !== undefined) {
    return { bridgeUrl: databaseUrl, radiusUrl: radiusDatabaseUrl, embedded: null };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  return { bridgeUrl: databaseUrl ?? embedded.hubUrl, radiusUrl: radiusDatabaseUrl ?? embedded.radiusUrl, embedded };
}

/** The bridge's server may forget what it has acknowledged: the hub does not start on it. */
export class FragileDatabaseError extends Error {}

/**
 * Refuses to go on where an acknowledged event could be lost (REL-3); throws a FragileDatabaseError that says what to
 * switch on. Where a test allows it, it is only logged.
 */
export async function demandDurability(url: string, { allowFragile }: Config, log: Log): Promise<void> {
  const fragile = await fragility(url);
  if (fragile === null) return;
  if (!allowFragile) throw new FragileDatabaseError(`The hub does not start. ${fragile}`);
  log.debug('the bridge lies on a throw-away server', { error: fragile });
}

/** What the bridge's server may forget of what it has acknowledged, in words; null: nothing (REL-3). */
export async function fragility(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const checked = await checkDurability(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows);
    return checked.ok ? null : checked.error.detail;
  } finally {
    await client.end();
  }
}
