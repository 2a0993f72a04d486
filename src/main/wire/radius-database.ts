import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openRadiusDatabase } from '#connectors/freeradius/database.ts';
import { highestGeneration } from '#connectors/freeradius/highest-generation.ts';
import { previewImport } from '#connectors/freeradius/import.ts';
import type { ImportCandidate } from '#connectors/freeradius/import-candidates.ts';
import { createMigrator, migrateToLatest } from '#db/migrator.ts';

const radiusFolder = (flavor: 'mysql' | 'postgres'): string =>
  fileURLToPath(new URL(`../../../migrations/radius-${flavor}`, import.meta.url));

/** Brings a RADIUS database up to date; a schema that is there already is adopted (spec O2). */
export async function migrateRadius(url: string, lookup?: LookupFunction): Promise<readonly string[]> {
  const flavor = url.startsWith('postgres') ? 'postgres' : 'mysql';
  const database = openRadiusDatabase(url, {}, lookup);
  try {
    return await migrateToLatest(createMigrator(database.connection, radiusFolder(flavor), flavor));
  } finally {
    await database.close();
  }
}

/**
 * After a restore of the bridge its sequence may stand below what the fences have seen; then nothing would be written any
 * more. Generations go on above both (law 2).
 */
export async function raiseGeneration(bridgeUrl: string, radiusUrl: string, lookup?: LookupFunction): Promise<void> {
  const radius = openRadiusDatabase(radiusUrl, {}, lookup);
  const client = new pg.Client({
    connectionString: bridgeUrl,
    options: '-c role=hub_worker',
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    const seen = await highestGeneration(radius);
    await client.query(`select setval('access_generation', $1) where $1 > (select last_value from access_generation)`, [
      seen.toString(),
    ]);
  } finally {
    await client.end();
    await radius.close();
  }
}

const grantsFile = new URL('../../../radius-config/grants/postgresql.sql', import.meta.url);

/** Lets FreeRADIUS's own login at the tables: it reads the lookups and writes accounting, no more (contract, `npm start`). */
export async function grantRadiusLogin(
  url: string,
  login: { readonly user: string; readonly database: string },
): Promise<void> {
  const statements = (await readFile(grantsFile, 'utf8'))
    .split(/;\s*$/m)
    .map((statement) => statement.replace(/^\s*--.*$/gm, '').trim())
    .filter((statement) => statement.startsWith('GRANT'))
    .map((statement) => statement.replaceAll(':login', login.user).replaceAll(':database', login.database));
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(statements.join(';\n'));
  } finally {
    await client.end();
  }
}

export type { ImportCandidate };

/** The users that a RADIUS database has, as an import would see them; throws with the reason when it cannot be read. */
export async function previewRadiusUsers(url: string): Promise<readonly ImportCandidate[]> {
  const previewed = await previewImport(url);
  if (!previewed.ok) throw new Error(`The RADIUS database cannot be read: ${previewed.error.detail}`);
  return previewed.value;
}
