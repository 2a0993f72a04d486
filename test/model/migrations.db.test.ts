import { randomBytes } from 'node:crypto';
import { type MigrationResultSet, type Migrator, NO_MIGRATIONS } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { withBridgeMigrator } from '#db/migrate-bridge.ts';
import { bridgeSchema } from './bridge-schema.ts';

let admin: pg.Client;
let client: pg.Client;
let url: string;
let name: string;

beforeEach(async () => {
  name = `schema_${randomBytes(6).toString('hex')}`;
  admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const own = new URL(inject('postgresUrl'));
  own.pathname = `/${name}`;
  url = own.href;
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
});

const schema = () => bridgeSchema(async <T>(text: string) => (await client.query(text)).rows as T[]);

async function run(step: Promise<MigrationResultSet>): Promise<void> {
  const { error } = await step;
  if (error) throw error;
}

const stepsOf = async (migrator: Migrator): Promise<readonly string[]> =>
  (await migrator.getMigrations()).map((migration) => migration.name);

describe('the migrations of the bridge', () => {
  it(
    'P64: each step taken back is the schema before it, and taken again the one after it',
    () =>
      withBridgeMigrator(url, async (migrator) => {
        const empty = await schema();
        let before = empty;
        for (const step of await stepsOf(migrator)) {
          await run(migrator.migrateUp());
          const after = await schema();
          expect(after, step).not.toEqual(before);
          await run(migrator.migrateDown());
          expect(await schema(), step).toEqual(before);
          await run(migrator.migrateUp());
          expect(await schema(), step).toEqual(after);
          before = after;
        }
        expect(before.length).toBeGreaterThan(300);
        await run(migrator.migrateTo(NO_MIGRATIONS));
        expect(await schema(), 'down to nothing leaves nothing').toEqual(empty);
        await run(migrator.migrateToLatest());
        expect(await schema(), 'all at once make what one at a time made').toEqual(before);
      }),
    300_000,
  );

  it('P64: control: a column, a grant or a policy that stays behind is seen', () =>
    withBridgeMigrator(url, async (migrator) => {
      await run(migrator.migrateToLatest());
      const full = await schema();
      for (const left of [
        'alter table customers add column fax text',
        'grant update (name) on nas to hub_worker',
        'create policy extra on wakes to hub_app using (false)',
        'alter table outbox alter column urgency drop not null',
        'create index extra on inbox (received_at)',
      ]) {
        await client.query('begin');
        await client.query(left);
        expect(await schema(), left).not.toEqual(full);
        await client.query('rollback');
      }
    }));
});
