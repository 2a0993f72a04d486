import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, type Migration, Migrator, sql } from 'kysely';

/** How a folder's files reach their database: PostgreSQL takes a file whole, MySQL one statement at a time. */
export type SqlFlavor = 'postgres' | 'mysql';

const statements = (file: string, flavor: SqlFlavor): readonly string[] =>
  flavor === 'postgres'
    ? [file]
    : file
        .replace(/^\s*--.*$/gm, '')
        .split(/;\s*$/m)
        .map((statement) => statement.trim())
        .filter((statement) => statement !== '');

async function run(db: Kysely<unknown>, path: string, flavor: SqlFlavor): Promise<void> {
  for (const statement of statements(await readFile(path, 'utf8'), flavor)) await sql.raw(statement).execute(db);
}

/** `0001-name.up.sql` and `0001-name.down.sql` in `folder`, run in the order of their numbers. */
async function readMigrations(folder: string, flavor: SqlFlavor): Promise<Record<string, Migration>> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith('.up.sql'))
    .map((file) => file.slice(0, -'.up.sql'.length));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        up: (db: Kysely<unknown>) => run(db, join(folder, `${name}.up.sql`), flavor),
        down: (db: Kysely<unknown>) => run(db, join(folder, `${name}.down.sql`), flavor),
      },
    ]),
  );
}

/** A migrator over `folder`; two hubs that start together wait for each other on its lock row. */
// Kysely's Migrator is typed for any set of tables.
// biome-ignore lint/suspicious/noExplicitAny: Kysely<T> is invariant, and a migrator knows no table
export const createMigrator = (db: Kysely<any>, folder: string, flavor: SqlFlavor): Migrator =>
  new Migrator({
    db,
    provider: { getMigrations: () => readMigrations(folder, flavor) },
    migrationTableName: 'hub_migration',
    migrationLockTableName: 'hub_migration_lock',
  });

/** Runs what is not there yet and answers the names of what ran; throws the first failure. */
export async function migrateToLatest(migrator: Migrator): Promise<readonly string[]> {
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error;
  return (results ?? []).map((result) => result.migrationName);
}
