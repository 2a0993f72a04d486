import { fileURLToPath } from 'node:url';
import { Kysely, type Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { createMigrator, migrateToLatest } from '#db/migrator.ts';
import { createOwnerDoor } from '#db/owner-door.ts';
import { letOwnerErase } from '#db/owner-policies.ts';

const bridgeFolder = fileURLToPath(new URL('../../migrations/bridge', import.meta.url));

const roles = ['hub_owner', 'hub_app', 'hub_gate', 'hub_worker'];

/**
 * Makes the roles (they belong to the cluster, so other databases may share them and no down migration drops them), and
 * lets this login become each of them (since PostgreSQL 16 whoever makes a role may grant it, but not yet become it). Needs CREATEROLE or roles that an administrator made before.
 */
async function ensureRoles(client: pg.Client): Promise<void> {
  for (const role of roles) {
    await client.query(
      `do $$ begin create role ${role} nologin noinherit; exception when duplicate_object or unique_violation then null; end $$`,
    );
    await client.query(`do $$ begin
      if not pg_has_role(current_user, '${role}', case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end)
      then execute 'grant ${role} to ' || quote_ident(current_user); end if; end $$`);
  }
  await client.query('grant usage, create on schema public to hub_owner');
  await client.query('grant usage on schema public to hub_app, hub_gate, hub_worker');
}

/** Opens the migrator of the bridge as `hub_owner`, hands it to `work`, and closes it. */
export async function withBridgeMigrator<T>(url: string, work: (migrator: Migrator) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('jembatan roles'))`);
    await ensureRoles(client);
  } finally {
    await client.end();
  }
  const pool = new pg.Pool({ connectionString: url, options: '-c role=hub_owner', max: 1 });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await work(createMigrator(db, bridgeFolder, 'postgres'));
  } finally {
    await db.destroy();
  }
}

/** Runs what is not there yet, then lets the owner erase tenants from whatever tables there are; answers what ran. */
export async function migrateBridge(url: string): Promise<readonly string[]> {
  const ran = await withBridgeMigrator(url, migrateToLatest);
  await letOwnerErase(createOwnerDoor(url));
  return ran;
}
