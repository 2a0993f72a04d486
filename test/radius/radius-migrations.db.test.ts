import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { NO_MIGRATIONS, sql } from 'kysely';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { migrateToLatest, type SqlFlavor } from '#db/migrator.ts';
import { earlierSchemaStatements, earlierTables, laterColumns } from './earlier-schema.ts';
import { createDatabase, flavors, type RadiusDatabase, radiusMigrator, statementsOf } from './radius-database.ts';
import { schemaSnapshot } from './schema-snapshot.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };

/** FreeRADIUS's own schema, as Debian installs it (package freeradius-config; root or group freerad may read it). */
async function loadStockSchema({ flavor, db }: RadiusDatabase): Promise<void> {
  const folder = flavor === 'mysql' ? 'mysql' : 'postgresql';
  const file = await readFile(`/etc/freeradius/3.0/mods-config/sql/main/${folder}/schema.sql`, 'utf8');
  for (const statement of flavor === 'mysql' ? statementsOf(file) : [file]) await sql.raw(statement).execute(db);
}

const up = (database: RadiusDatabase): Promise<readonly string[]> => migrateToLatest(radiusMigrator(database));

async function down(database: RadiusDatabase): Promise<void> {
  const { error } = await radiusMigrator(database).migrateTo(NO_MIGRATIONS);
  if (error) throw error;
}

/** Up, down, up; answers the schema before, in between and after. */
async function thereAndBack(database: RadiusDatabase) {
  const before = await schemaSnapshot(database);
  await up(database);
  const first = await schemaSnapshot(database);
  await down(database);
  const back = await schemaSnapshot(database);
  await up(database);
  return { before, first, back, second: await schemaSnapshot(database) };
}

describe.each(flavors)('the RADIUS schema on %s', (flavor: SqlFlavor) => {
  let database: RadiusDatabase | undefined;
  const fresh = async (): Promise<RadiusDatabase> => {
    database = await createDatabase(flavor, serverOf[flavor]);
    return database;
  };
  afterEach(async () => {
    await database?.drop();
    database = undefined;
  });

  it('P64: on an empty database, up and down leave nothing, and up again makes the same', async () => {
    const schema = await thereAndBack(await fresh());
    expect(schema.before).toEqual([]);
    expect(schema.back).toEqual([]);
    expect(schema.first.length).toBeGreaterThan(90);
    expect(schema.second).toEqual(schema.first);
  });

  it("P64: FreeRADIUS's own schema is adopted with its rows, and is as it was after going back", async () => {
    const stock = await fresh();
    await loadStockSchema(stock);
    await sql`INSERT INTO radcheck (username, attribute, op, value) VALUES ('Ani', 'Cleartext-Password', ':=', 'x')`.execute(
      stock.db,
    );
    const schema = await thereAndBack(stock);
    expect(schema.back).toEqual(schema.before);
    expect(schema.second).toEqual(schema.first);
    expect(schema.first).toEqual(expect.arrayContaining([...schema.before]));
    expect(await stock.rows(sql`SELECT username, value FROM radcheck`)).toEqual([{ username: 'Ani', value: 'x' }]);
  });

  it('P64: whichever tables and columns are there before, going back leaves exactly them', async () => {
    const one = await fresh();
    const earlier = fc.record({
      tables: fc.subarray([...earlierTables]),
      laterColumns: fc.subarray([...laterColumns]),
    });
    await fc.assert(
      fc.asyncProperty(earlier, async (schemaBefore) => {
        for (const statement of earlierSchemaStatements(flavor, schemaBefore)) await sql.raw(statement).execute(one.db);
        const before = await schemaSnapshot(one);
        await up(one);
        await down(one);
        expect(await schemaSnapshot(one)).toEqual(before);
        for (const table of schemaBefore.tables) await sql`DROP TABLE ${sql.table(table)}`.execute(one.db);
      }),
      // On each of two databases.
      { numRuns: 50 },
    );
  }, 240_000);

  it('a migration that was broken off half-way is completed by running it again', async () => {
    const whole = await fresh();
    await up(whole);
    const wanted = await schemaSnapshot(whole);
    const broken = await createDatabase(flavor, serverOf[flavor]);
    try {
      if (flavor === 'mysql') {
        const path = new URL('../../migrations/radius-mysql/0001-freeradius-schema.up.sql', import.meta.url);
        const statements = statementsOf(await readFile(fileURLToPath(path), 'utf8'));
        for (const statement of statements.slice(0, 5)) await sql.raw(statement).execute(broken.db);
      }
      await up(broken);
      expect(await schemaSnapshot(broken)).toEqual(wanted);
      await down(broken);
      expect(await schemaSnapshot(broken)).toEqual([]);
    } finally {
      await broken.drop();
    }
  });

  it('a fence tells names apart by every letter', async () => {
    const one = await fresh();
    await up(one);
    for (const name of ['budi', 'Budi', 'BUDI']) {
      await sql`INSERT INTO hub_fence (kind, name, gen) VALUES ('user', ${name}, 1)`.execute(one.db);
    }
    await expect(
      sql`INSERT INTO hub_fence (kind, name, gen) VALUES ('users', 'x', 1)`.execute(one.db),
    ).rejects.toThrow();
  });
});
