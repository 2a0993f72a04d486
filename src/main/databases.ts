import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openRadiusDatabase } from '#connectors/freeradius/database.ts';
import { highestGeneration } from '#connectors/freeradius/highest-generation.ts';
import { migrateBridge } from '#db/migrate-bridge.ts';
import { createMigrator, migrateToLatest } from '#db/migrator.ts';
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

export const radiusFolder = (flavor: 'mysql' | 'postgres'): string =>
  fileURLToPath(new URL(`../../migrations/radius-${flavor}`, import.meta.url));

/** Brings a RADIUS database up to date; a schema that is there already is adopted (spec O2). */
export async function migrateRadius(url: string): Promise<readonly string[]> {
  const flavor = url.startsWith('postgres') ? 'postgres' : 'mysql';
  const database = openRadiusDatabase(url);
  try {
    return await migrateToLatest(createMigrator(database.connection, radiusFolder(flavor), flavor));
  } finally {
    await database.close();
  }
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

/**
 * After a restore of the bridge its sequence may stand below what the fences have seen; then nothing would be written any
 * more. Generations go on above both (law 2).
 */
async function raiseGeneration(bridgeUrl: string, radiusUrl: string): Promise<void> {
  const radius = openRadiusDatabase(radiusUrl);
  const client = new pg.Client({ connectionString: bridgeUrl, options: '-c role=hub_worker', connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const seen = await highestGeneration(radius);
    await client.query(
      `select setval('access_generation', $1) where $1 > (select last_value from access_generation)`, [seen.toString()],
    );
  } finally {
    await client.end();
    await radius.close();
  }
}

export type Migrated = { readonly bridge: readonly string[]; readonly radius: readonly string[] };

/** Everything that must be so before the hub works on its databases. */
export async function prepareDatabases({ bridgeUrl, radiusUrl }: Databases): Promise<Migrated> {
  const bridge = await migrateBridge(bridgeUrl);
  const radius = await migrateRadius(radiusUrl);
  await raiseGeneration(bridgeUrl, radiusUrl);
  return { bridge, radius };
}
