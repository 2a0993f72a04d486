import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { linkEntries } from '#audit/link.ts';
import { createFreeradiusEnforcer, type FreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { type FreshDatabase, freshDatabase } from '#connectors/freeradius/testing/fresh-database.ts';
import { acknowledging } from '#connectors/freeradius/testing/subject.ts';
import { groupName, tenantKey } from '#domain/groups.ts';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import { claimIntents } from '#outbox/claim.ts';
import { dispatchRemoval } from '#outbox/dispatch-removal.ts';
import { createLog } from '#platform/log.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { good, nextGeneration, userAccess } from '#ports/enforcer/contract-subject.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { platformOwner } from '#test/features/room.ts';
import { tablesOfTenants } from '#test/model/tenancy-findings.ts';
import { addRows } from '#test/model/tenant-rows.ts';
import { openKeptOwner } from '#test/setup/kept-owner.ts';
import { continueDeletions, deleteTenant } from './deletion.ts';

/** What a tenant looks like: everything in it may have the same names as another one's. */
type Shape = {
  readonly extraRows: number;
  readonly lines: readonly { readonly spelt: boolean; readonly online: boolean; readonly foreign: boolean }[];
  readonly routers: number;
  readonly plan: string;
};

const shape: fc.Arbitrary<Shape> = fc.record({
  extraRows: fc.integer({ min: 0, max: 2 }),
  lines: fc.array(fc.record({ spelt: fc.boolean(), online: fc.boolean(), foreign: fc.boolean() }), { maxLength: 5 }),
  routers: fc.integer({ min: 0, max: 2 }),
  plan: fc.constantFrom('home-10', 'home-20'),
});

const log = createLog('silent');
const radiusTables = [
  'radcheck',
  'radreply',
  'radusergroup',
  'radgroupcheck',
  'radgroupreply',
  'radacct',
  'radpostauth',
  'nas',
  'nasreload',
  'hub_nas',
  'hub_tenant',
  'hub_fence',
];

let room: BridgeRoom;
let radius: FreshDatabase;
let enforcer: FreeradiusEnforcer;
let owner: ReturnType<typeof openKeptOwner>;
let count = 0;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  owner = openKeptOwner(room.url);
});
afterAll(async () => {
  await owner?.close();
  await room?.close();
});

/** Its bridge rows, and at the enforcer its groups, routers, users with their accounting, and rows of others beside them. */
async function settle(
  like: Shape,
): Promise<{ readonly id: string; readonly subdomain: string; readonly names: readonly string[] }> {
  count += 1;
  const subdomain = `p2-${count}`;
  const id = await room.addTenant(subdomain);
  await addRows(room.look, id);
  for (let i = 0; i < like.extraRows; i++) await addRows(room.look, id);
  const key = tenantKey(id);
  good(await enforcer.applyTenant({ tenantKey: key, generation: nextGeneration(), allowRoaming: true }));
  const [plan, isolir] = [groupName(id, { plan: like.plan }), groupName(id, 'isolir')];
  const rows = planGroupRows({ downKbps: 10_000, upKbps: 5_000 });
  good(await enforcer.applyGroup({ group: plan, generation: nextGeneration(), ...rows }));
  good(await enforcer.applyGroup({ group: isolir, generation: nextGeneration(), ...isolirGroupRows() }));
  for (let i = 0; i < like.routers; i++) {
    const address = `10.${count >> 8}.${count & 255}.${i + 1}`;
    const nas = { address, shortname: 'ckp', secret: 'a-secret-of-its-own', type: 'mikrotik', tenantKey: key };
    good(await enforcer.applyNas({ ...nas, generation: nextGeneration() }));
  }
  const lines = like.lines.map((line, i) => ({ ...line, username: `p${count}u${i}` }));
  const users = lines.map(({ username }) => userAccess(username, { group: plan, mac: '02:00:00:00:00:01' }));
  good(await enforcer.applyUsers(users));
  const [first] = await room.look<{ customer_id: string; service_plan_id: string }>(
    'select customer_id, service_plan_id from subscriptions where tenant_id = $1 limit 1',
    [id],
  );
  for (const { username, spelt, online, foreign } of lines) {
    await room.look(
      `insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db, username, canonical_username, password)
       values ($1, $2, $3, 'postpaid', 20, 1, 'installation', $4, $4, '-')`,
      [id, first?.customer_id, first?.service_plan_id, username],
    );
    const written = spelt ? ` ${username.toUpperCase()}` : username;
    if (online) {
      await radius.query(
        `insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, calledstationid, callingstationid, acctterminatecause, framedipaddress)
         values ('1', ?, ?, '10.9.0.1', '', '', '', '10.66.0.7')`,
        [randomUUID().slice(0, 30), written],
      );
      await radius.query(`insert into radpostauth (username, pass, reply) values (?, '', 'Access-Accept')`, [written]);
    }
    if (foreign) {
      await radius.query(
        `insert into radcheck (username, attribute, op, value) values (?, 'Expiration', ':=', '2030')`,
        [username],
      );
      await radius.query(`insert into radusergroup (username, groupname, priority) values (?, 'vip', 5)`, [username]);
    }
  }
  return { id, subdomain, names: lines.filter(({ foreign }) => foreign).map(({ username }) => username) };
}

/** Every row of every table of the bridge that is not this tenant's, and the tables in which it has rows itself. */
async function bridgeWithout(
  tenantId: string,
): Promise<{ readonly others: readonly string[]; readonly own: readonly string[] }> {
  const tables = [...(await tablesOfTenants(room.look)), 'tenants'];
  const owner = (table: string): string => (table === 'tenants' ? 'id' : 'tenant_id');
  const others = tables.map(
    (table) => `select '${table} ' || t::text as row from ${table} t where ${owner(table)} <> '${tenantId}'`,
  );
  const own = tables.map(
    (table) => `select '${table}' as row where exists (select from ${table} where ${owner(table)} = '${tenantId}')`,
  );
  const rowsOf = async (parts: readonly string[]): Promise<readonly string[]> =>
    (await room.look<{ row: string }>(`${parts.join(' union all ')} order by 1`)).map(({ row }) => row);
  return { others: await rowsOf(others), own: await rowsOf(own) };
}

async function inRadius(): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const table of radiusTables) {
    rows.push(...(await radius.query(`select * from ${table}`)).map((row) => `${table} ${JSON.stringify(row)}`));
  }
  return rows.sort();
}

/** Takes the rows of others beside the users away again, each of which must still be there. */
async function clearForeign(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const [check, groups] = [
      await radius.query('select attribute from radcheck where username = ?', [name]),
      await radius.query('select groupname from radusergroup where username = ?', [name]),
    ];
    expect({ check, groups }).toEqual({ check: [{ attribute: 'Expiration' }], groups: [{ groupname: 'vip' }] });
    for (const table of ['radcheck', 'radusergroup']) {
      await radius.query(`delete from ${table} where username = ?`, [name]);
    }
  }
}

async function removeWhole(id: string, subdomain: string): Promise<void> {
  const clock = (): number => Date.parse('2026-11-20T03:00:00Z');
  const deps = { db: room.db, clock, onChange: () => undefined };
  const leaving = { ...deps, log, owner, files: createTenantFiles(tmpdir()) };
  const who = { tenantId: id, caller: platformOwner, correlationId: '-', address: '192.0.2.1' };
  expect(await deleteTenant(deps, who, subdomain)).toMatchObject({ state: 'deleting' });
  await continueDeletions(leaving);
  for (const claimed of await claimIntents(room.db, ['tenant.remove'], 20_000, 5)) {
    if (claimed.intent.kind !== 'tenant.remove') throw new Error('another kind was claimed');
    await dispatchRemoval({ db: room.db, log, enforcerOf: async () => enforcer }, claimed, claimed.intent);
  }
  while ((await linkEntries(room.db)) > 0);
  await continueDeletions(leaving);
}

const servers = [
  ['PostgreSQL', 'postgresUrl'],
  ['MariaDB', 'mariadbUrl'],
] as const;

describe.each(servers)('a tenant that leaves, RADIUS on %s', (_, server) => {
  beforeAll(async () => {
    radius = await freshDatabase(inject(server));
    enforcer = createFreeradiusEnforcer({ databaseUrl: radius.url, coa: acknowledging });
  });
  afterAll(async () => {
    await enforcer.close();
    await radius.drop();
  });

  it('P2: all of its data is gone, and nobody else’s has changed, row for row', { timeout: 240_000 }, async () => {
    await settle({
      extraRows: 1,
      lines: [{ spelt: true, online: true, foreign: true }],
      routers: 1,
      plan: 'home-10',
    });
    await fc.assert(
      fc.asyncProperty(shape, async (like) => {
        const radiusBefore = await inRadius();
        const gone = await settle(like);
        while ((await linkEntries(room.db)) > 0);
        const { others, own } = await bridgeWithout(gone.id);
        expect(own.length).toBeGreaterThan(20);
        await removeWhole(gone.id, gone.subdomain);
        expect(await bridgeWithout(gone.id)).toEqual({ others, own: [] });
        await clearForeign(gone.names);
        expect(await inRadius()).toEqual(radiusBefore);
      }),
      // On each of two databases.
      { numRuns: 50 },
    );
  });
});
