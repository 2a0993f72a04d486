import { type Kysely, sql } from 'kysely';
import type { AttributeRow } from '#domain/access.ts';
import { macLock } from '#domain/mac.ts';

const row = (attribute: string, op: string, value: string): AttributeRow => ({ attribute, op, value });

type Group = { readonly check?: readonly AttributeRow[]; readonly reply?: readonly AttributeRow[] };

type Subscriber = {
  readonly username: string;
  readonly password: string;
  readonly group?: string;
  readonly check?: readonly AttributeRow[];
};

/** Two tenants, and their groups as the hub writes them. */
export const ownTenant = 't1a2b3c4d';
const otherTenant = 't99887766';

const planReply = (group: string): readonly AttributeRow[] => [
  row('Mikrotik-Rate-Limit', '=', '10M/20M'),
  row('Class', '=', group),
];

const groups: Readonly<Record<string, Group>> = {
  [`${ownTenant}:home`]: { check: [row('Simultaneous-Use', ':=', '1')], reply: planReply(`${ownTenant}:home`) },
  [`${ownTenant}:isolir`]: {
    reply: [
      row('Mikrotik-Rate-Limit', '=', '128k/128k'),
      row('Mikrotik-Address-List', '=', 'isolir'),
      row('Framed-Pool', '=', 'isolir'),
      row('Session-Timeout', '=', '3600'),
      row('Acct-Interim-Interval', '=', '900'),
      row('Class', '=', `${ownTenant}:isolir`),
    ],
  },
  [`${ownTenant}:terminated`]: {
    check: [row('Auth-Type', ':=', 'Reject')],
    reply: planReply(`${ownTenant}:terminated`),
  },
  [`${otherTenant}:home`]: { reply: planReply(`${otherTenant}:home`) },
  'staff-vpn': { reply: [row('Mikrotik-Group', '=', 'staff')] },
  'broken-group': { reply: [row('Session-Timeout', '=', '1 hour')] },
};

const home = `${ownTenant}:home`;

const subscribers: readonly Subscriber[] = [
  { username: 'budi@isp', password: 'rahasia', group: home },
  { username: 'citra@isp', password: 'rahasia', group: `${ownTenant}:isolir` },
  { username: 'dewi@isp', password: 'rahasia', group: `${ownTenant}:terminated` },
  { username: 'eka@isp', password: 'p%{User-Name}\\s"s\'', group: home },
  {
    username: 'fajar@isp',
    password: 'rahasia',
    group: home,
    check: [macLock('AA:BB:CC:0D:EE:FF')],
  },
  { username: 'gita@isp', password: 'rahasia', group: home },
  { username: 'hadi@isp', password: 'rahasia', group: `${otherTenant}:home` },
  { username: 'indra', password: 'rahasia', group: 'staff-vpn' },
  { username: 'joko@isp', password: 'rahasia', group: 'broken-group' },
];

/** The routers, by the source address of their packets; the last one belongs to no tenant. */
export const routers = {
  own: { address: '127.0.0.11', secret: 'own-router-secret', tenantKey: ownTenant },
  other: { address: '127.0.0.12', secret: 'a\\b"c\'d%e', tenantKey: otherTenant },
  nobodys: { address: '127.0.0.13', secret: 'nobodys-router-secret', tenantKey: null },
} as const;

type Router = { readonly address: string; readonly secret: string; readonly tenantKey: string | null };

export async function addRouter(db: Kysely<unknown>, { address, secret, tenantKey }: Router): Promise<void> {
  await sql`INSERT INTO nas (nasname, shortname, type, secret) VALUES (${address}, ${address}, 'other', ${secret})`.execute(
    db,
  );
  if (tenantKey) await sql`INSERT INTO hub_nas (nasname, tenant_key) VALUES (${address}, ${tenantKey})`.execute(db);
}

async function addGroup(db: Kysely<unknown>, name: string, { check = [], reply = [] }: Group): Promise<void> {
  for (const { attribute, op, value } of check) {
    await sql`INSERT INTO radgroupcheck (groupname, attribute, op, value)
      VALUES (${name}, ${attribute}, ${op}, ${value})`.execute(db);
  }
  for (const { attribute, op, value } of reply) {
    await sql`INSERT INTO radgroupreply (groupname, attribute, op, value)
      VALUES (${name}, ${attribute}, ${op}, ${value})`.execute(db);
  }
}

async function addSubscriber(db: Kysely<unknown>, subscriber: Subscriber): Promise<void> {
  const { username, password, group, check = [] } = subscriber;
  for (const { attribute, op, value } of [row('Cleartext-Password', ':=', password), ...check]) {
    await sql`INSERT INTO radcheck (username, attribute, op, value)
      VALUES (${username}, ${attribute}, ${op}, ${value})`.execute(db);
  }
  if (group) {
    await sql`INSERT INTO radusergroup (username, groupname, priority) VALUES (${username}, ${group}, 1)`.execute(db);
  }
}

/** Fills an empty RADIUS database with all of the above. */
export async function seed(db: Kysely<unknown>): Promise<void> {
  for (const [name, group] of Object.entries(groups)) await addGroup(db, name, group);
  for (const subscriber of subscribers) await addSubscriber(db, subscriber);
  for (const router of Object.values(routers)) await addRouter(db, router);
  for (const key of [ownTenant, otherTenant]) {
    await sql`INSERT INTO hub_tenant (tenant_key, allow_roaming) VALUES (${key}, 0)`.execute(db);
  }
}
