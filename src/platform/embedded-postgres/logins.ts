import type pg from 'pg';
import type { KeptSettings } from './passwords.ts';
import { asSuperuser } from './postmaster.ts';

/** The bridge's database, and that of FreeRADIUS's tables. */
const databases = ['hub', 'radius'] as const;

/**
 * `hub` migrates and serves: no superuser, so that row-level security binds what it does; it owns both databases and
 * may create the group roles that migrations need. `freeradius` may connect to `radius`, and gets its few grants there
 * from the migrations.
 */
const logins = {
  hub: 'login nosuperuser nocreatedb createrole nobypassrls',
  freeradius: 'login nosuperuser nocreatedb nocreaterole nobypassrls',
} as const;

async function ensureLogin(client: pg.Client, name: keyof typeof logins, password: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${name} ${logins[name]} password '${password}'`);
}

async function ensureDatabase(client: pg.Client, name: (typeof databases)[number]): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${name} owner hub`);
  await client.query(`revoke all on database ${name} from public`);
}

/**
 * Since PostgreSQL 16 whoever makes a role may hand it out, and is no member of it that could `set role`. Migrations
 * make roles and then work as one of them, so `hub` is made a member, as before 16.
 */
async function letCreatedRolesBeTaken(client: pg.Client): Promise<void> {
  const { rows } = await client.query("select 1 from pg_settings where name = 'createrole_self_grant'");
  if (rows.length > 0) await client.query("alter role hub set createrole_self_grant = 'set, inherit'");
}

/** Brings logins and databases to what they should be; doing it again changes nothing. */
export function ensureLogins(port: number, { passwords }: KeptSettings): Promise<void> {
  return asSuperuser(port, passwords.postgres, 'postgres', async (client) => {
    await ensureLogin(client, 'hub', passwords.hub);
    await letCreatedRolesBeTaken(client);
    await ensureLogin(client, 'freeradius', passwords.freeradius);
    for (const name of databases) await ensureDatabase(client, name);
    await client.query('grant connect on database radius to freeradius');
  });
}
