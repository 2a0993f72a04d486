import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { SqlFlavor } from '#db/migrator.ts';
import type { Arguments } from '#main/command.ts';
import { radiusRebuild } from '#main/commands/radius-rebuild.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { type Isp, openIsp } from '#test/pipeline/isp.ts';
import { type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';
import { createDatabase, flavors, type RadiusDatabase } from '#test/radius/radius-database.ts';

/** Every table that the hub writes, without ids and times of writing. */
const tables: Readonly<Record<string, string>> = {
  radcheck: 'username, attribute, op, value',
  radreply: 'username, attribute, op, value',
  radusergroup: 'username, groupname, priority',
  radgroupcheck: 'groupname, attribute, op, value',
  radgroupreply: 'groupname, attribute, op, value',
  nas: 'nasname, shortname, type, ports, secret, server, community, description',
  hub_nas: 'nasname, tenant_key',
  hub_tenant: 'tenant_key, allow_roaming',
  hub_fence: 'kind, name, gen, hash',
};

async function rowsOf(database: RadiusDatabase): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [table, columns] of Object.entries(tables)) {
    const rows = await database.rows(sql`SELECT ${sql.raw(columns)} FROM ${sql.table(table)}`);
    lines.push(...rows.map((row) => `${table} ${JSON.stringify(row)}`));
  }
  return lines.sort();
}

const args = (over: Partial<Arguments> = {}): Arguments => ({
  words: [],
  json: true,
  tenant: undefined,
  head: undefined,
  plans: [],
  apply: false,
  ...over,
});

const serverOf = (flavor: SqlFlavor): string => inject(flavor === 'mysql' ? 'mariadbUrl' : 'postgresUrl');

describe.each(flavors)('jembatan radius rebuild on %s', (flavor) => {
  let hub: RunningHub;
  let isp: Isp;
  let other: Isp;
  let said: string[];

  beforeAll(async () => {
    hub = await startRunningHub({
      postgresUrl: inject('postgresUrl'),
      flavor,
      radiusServerUrl: serverOf(flavor),
    });
    isp = await openIsp(hub, Date.now, 'satu');
    other = await openIsp(hub, Date.now, 'dua');
    const served = await isp.addSubscriber('Ani', { mac: 'aa-bb-cc-00-11-22' });
    const debtor = await isp.addSubscriber('Budi');
    await other.addSubscriber('Citra');
    await isp.admin.post('nas', { name: 'CKP', address: '192.0.2.1', secret: 'rahasia-router-1' });
    const gone = await isp.admin.post<{ id: string }>('nas', {
      name: 'OLD',
      address: '192.0.2.2',
      secret: 'rahasia-router-2',
    });
    await eventually(
      () => hub.radius.rows(sql`SELECT nasname FROM nas`),
      (rows) => rows.length === 2,
    );
    await isp.admin.call('DELETE', `nas/${gone.id}`);
    isp.billOverdue(debtor);
    await isp.becomes(debtor, 'isolated');
    await isp.becomes(served, 'active');
    await eventually(
      () => hub.look(`select 1 from outbox where state in ('ready', 'running') and kind <> 'sessions.drop'`),
      (rows) => rows.length === 0,
    );
  }, 120_000);
  afterAll(async () => {
    await isp?.stop();
    await other?.stop();
    await hub?.close();
  });
  beforeEach(() => {
    for (const [name, value] of Object.entries(hub.environment)) vi.stubEnv(name, value);
    said = [];
    vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  });

  it('X6: an empty schema ends up row for row as what stands, generations and fences included', async () => {
    const target = await createDatabase(flavor, serverOf(flavor));
    try {
      expect(await radiusRebuild.run(args({ into: target.url }))).toBe(0);
      const standing = await rowsOf(hub.radius);
      expect(standing.length).toBeGreaterThan(40);
      expect(await rowsOf(target)).toEqual(standing);
      const report = JSON.parse(said.join('')).tenants as { tenant: string; users: number; waiting: number }[];
      expect(report.find(({ tenant }) => tenant === isp.subdomain)).toMatchObject({ users: 2, waiting: 0 });
    } finally {
      await target.drop();
    }
  });

  it('X6, B8: a decision that was not written yet is not carried out by a rebuild', async () => {
    const target = await createDatabase(flavor, serverOf(flavor));
    const standing = await rowsOf(hub.radius);
    await hub.look(
      `update access set generation = generation + 1000000, desired = jsonb_set(desired, '{group}', '"t00000000:isolir"')
       where tenant_id = $1`,
      [isp.tenantId],
    );
    try {
      expect(await radiusRebuild.run(args({ into: target.url }))).toBe(0);
      expect(await rowsOf(target)).toEqual(standing);
    } finally {
      await target.drop();
    }
  });

  it('X6, X9: one tenant alone is rebuilt where it is named', async () => {
    const target = await createDatabase(flavor, serverOf(flavor));
    try {
      expect(await radiusRebuild.run(args({ into: target.url, tenant: other.subdomain }))).toBe(0);
      const users = await target.rows(sql`SELECT DISTINCT username FROM radcheck`);
      expect(users).toHaveLength(1);
    } finally {
      await target.drop();
    }
  });

  it('X6: a schema that holds rows is refused, and stays as it is', async () => {
    const before = await rowsOf(hub.radius);
    await expect(radiusRebuild.run(args({ into: hub.radius.url }))).rejects.toThrow('empty schema');
    expect(await rowsOf(hub.radius)).toEqual(before);
  });

  it('wrong use is said so', () => {
    expect(() => radiusRebuild.run(args())).toThrow('--into');
    expect(() => radiusRebuild.run(args({ into: 'redis://x' }))).toThrow('mysql://');
  });
});
