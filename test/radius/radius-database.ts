import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Kysely, MysqlDialect, PostgresDialect, type RawBuilder, sql } from 'kysely';
import { createPool } from 'mysql2';
import pg from 'pg';
import { createMigrator, migrateToLatest, type SqlFlavor } from '#db/migrator.ts';

export const flavors: readonly SqlFlavor[] = ['mysql', 'postgres'];

export type Row = Readonly<Record<string, string | null>>;

/** An empty database of its own on a server of this run. */
export type RadiusDatabase = {
  readonly flavor: SqlFlavor;
  readonly db: Kysely<unknown>;
  /** Superuser URL of this database. */
  readonly url: string;
  /** Every value as text, so that both dialects answer alike. */
  rows(query: RawBuilder<unknown>): Promise<readonly Row[]>;
  drop(): Promise<void>;
};

function connect(flavor: SqlFlavor, url: string): Kysely<unknown> {
  if (flavor === 'mysql') {
    return new Kysely({ dialect: new MysqlDialect({ pool: createPool({ uri: url, connectionLimit: 2 }) }) });
  }
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // Tests stop servers under idle connections; the next statement gets a new one.
  pool.on('error', () => undefined);
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

const inDatabase = (serverUrl: string, name: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
};

async function onServer(flavor: SqlFlavor, serverUrl: string, statement: string): Promise<void> {
  const server = connect(flavor, serverUrl);
  await sql.raw(statement).execute(server);
  await server.destroy();
}

/** `serverUrl` is the superuser's URL of a MariaDB or PostgreSQL server. */
export async function createDatabase(flavor: SqlFlavor, serverUrl: string): Promise<RadiusDatabase> {
  const name = `radius_${randomBytes(4).toString('hex')}`;
  await onServer(flavor, serverUrl, `CREATE DATABASE ${name}`);
  const url = inDatabase(serverUrl, name);
  const db = connect(flavor, url);
  return {
    flavor,
    db,
    url,
    rows: async (query) => {
      const { rows } = await query.execute(db);
      return rows.map((row) =>
        Object.fromEntries(
          Object.entries(row as object).map(([column, value]) => [column, value === null ? null : String(value)]),
        ),
      );
    },
    drop: async () => {
      await db.destroy();
      await onServer(flavor, serverUrl, `DROP DATABASE ${name}`);
    },
  };
}

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const radiusMigrator = ({ db, flavor }: RadiusDatabase) =>
  createMigrator(db, folder(`migrations/radius-${flavor}`), flavor);

/** Statements of a file that ends each with a semicolon at a line's end. */
export const statementsOf = (file: string): readonly string[] =>
  file
    .replace(/^\s*(--|#).*$/gm, '')
    .split(/;\s*$/m)
    .filter((statement) => statement.trim() !== '');

/** Migrates, makes FreeRADIUS's login by `radius-config/grants`, and answers the URL that it connects by. */
export async function prepareForFreeradius(database: RadiusDatabase): Promise<string> {
  await migrateToLatest(radiusMigrator(database));
  const url = new URL(database.url);
  const login = `fr_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(8).toString('hex');
  const grants = await readFile(
    folder(`radius-config/grants/${database.flavor === 'mysql' ? 'mysql' : 'postgresql'}.sql`),
    'utf8',
  );
  const filled = grants
    .replaceAll(':database', url.pathname.slice(1))
    .replaceAll(':login', login)
    .replaceAll(':host', '127.0.0.1')
    .replaceAll(':password', password);
  for (const statement of statementsOf(filled)) await sql.raw(statement).execute(database.db);
  url.username = login;
  url.password = password;
  return url.href;
}
