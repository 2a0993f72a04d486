import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { tenantKey } from '#domain/groups.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { fiberItem } from '#sandbox/erpnext/small-isp.ts';
import { createDatabase, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { eventually } from './eventually.ts';
import { type Isp, openIsp, price, type Subscriber, zone } from './isp.ts';
import { dumpOf, readableIn } from './planted.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

/** Two providers of one hub who are alike in all that people choose; each says its own canary wherever it may speak. */
type Provider = {
  readonly isp: Isp;
  readonly canary: string;
  readonly radius: RadiusDatabase;
  readonly budi: Subscriber;
  /** What nobody may read anywhere but where it is used. */
  readonly secrets: readonly string[];
};

let hub: RunningHub;
let second: RadiusDatabase;
let alpha: Provider;
let beta: Provider;

const phone = '+6281234567890';
const routerAddress = '10.77.0.1';

async function open(name: string, radius: RadiusDatabase, own: boolean): Promise<Provider> {
  const canary = `canary${name}`;
  const isp = await openIsp(hub, Date.now, name);
  const { admin } = isp;
  if (own) await admin.put('connections/freeradius', { database_url: radius.url });
  const nasSecret = `${canary}-nas-secret-0123456`;
  await admin.post('nas', { name: 'CKP', address: routerAddress, secret: nasSecret });
  await admin.patch('settings', { branding: { name: canary }, code_formats: { location: 'KCB' } });
  const chosen = `${canary}Pw1`;
  const same = { username: 'budi', phone, address: 'Jl. Melati 5', notes: canary, password: chosen };
  const budi = await isp.addSubscriber('Budi', same);
  const inventree = { url: 'http://127.0.0.1:9', token: `${canary}-token-0123` };
  await admin.put('connections/inventree', inventree);
  return {
    isp,
    canary,
    radius,
    budi,
    secrets: [nasSecret, chosen, inventree.token, isp.webhookSecret, isp.erp.apiSecret],
  };
}

const line = (of: Provider) => of.isp.line(of.budi);

beforeAll(async () => {
  const radiusServerUrl = inject('mariadbUrl');
  hub = await startRunningHub({ postgresUrl: inject('postgresUrl'), flavor: 'mysql', radiusServerUrl });
  second = await createDatabase('mysql', radiusServerUrl);
  alpha = await open('alpha', hub.radius, false);
  beta = await open('beta', second, true);
}, 120_000);
afterAll(async () => {
  await alpha?.isp.stop();
  await beta?.isp.stop();
  await hub?.close();
  await second?.drop();
});

/** Every list of the API as a tenant's admin sees it. */
const lists = [
  'customers',
  'subscriptions',
  'service-plans',
  'nas',
  'connections',
  'events',
  'outbox',
  'audit-logs',
  'users',
] as const;
const everythingOf = async ({ isp }: Provider): Promise<string> => {
  const seen: unknown[] = [await isp.admin.get('settings')];
  for (const list of lists) seen.push(await isp.admin.get(`${list}?page_size=100`));
  seen.push(await isp.admin.get(`customers?search=${encodeURIComponent('Budi')}`));
  return JSON.stringify(seen);
};
/** What of `other` must never stand beside what is `mine`. */
const marksOf = ({ isp, canary, budi }: Provider): readonly string[] => [
  canary,
  isp.tenantId,
  isp.subdomain,
  budi.id,
  budi.customerId,
  isp.planId,
];
const pairs = (): readonly (readonly [Provider, Provider])[] => [
  [alpha, beta],
  [beta, alpha],
];

describe('two tenants who chose the same names', () => {
  it('have the same customer, plan, phone, router and username, and each its own line', async () => {
    const [one, two] = [await line(alpha), await line(beta)];
    expect([one.username, two.username]).toEqual(['budi', 'budi']);
    expect(one.customer.code).toBe(two.customer.code);
    expect(one.service_plan.name).toBe(two.service_plan.name);
    expect(one.id).not.toBe(two.id);
  });

  it('a bill with the same number isolates the one who owes it, and nobody else', async () => {
    const due = addDays(localDate(Date.now(), zone), 10);
    const theirs = beta.isp.erp.createInvoice({ customer: 'Budi', item: fiberItem, amount: price, due_date: due });
    const mine = alpha.isp.billOverdue(alpha.budi);
    expect(mine).toBe(theirs);
    await alpha.isp.becomes(alpha.budi, 'isolated');
    await eventually(
      () => beta.isp.admin.get<{ data: readonly { name: string; state: string }[] }>('events?doctype=Sales%20Invoice'),
      ({ data }) => data.some(({ name, state }) => name === theirs && state === 'done'),
    );
    expect((await line(beta)).state).toBe('active');
    expect((await beta.isp.explain(beta.budi)).evidence).not.toMatchObject({ invoices: [mine] });
  });

  it('in the log no line is about both, metrics know neither', async () => {
    const lines = hub.log().split('\n');
    for (const [mine, other] of pairs()) {
      const about = lines.filter((one) => readableIn(one, marksOf(mine)).length > 0);
      expect(about.length).toBeGreaterThan(0);
      expect(readableIn(about.join('\n'), marksOf(other))).toEqual([]);
    }
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toContain('process_cpu');
    expect(readableIn(metrics, [...marksOf(alpha), ...marksOf(beta), 'budi', phone])).toEqual([]);
  });

  it('SEC-2: neither reads anything of the other, in any list, and another’s id answers like a missing one', async () => {
    for (const [mine, other] of pairs()) {
      expect(readableIn(await everythingOf(mine), marksOf(other))).toEqual([]);
      const missing = '00000000-0000-4000-8000-000000000000';
      for (const [path, id] of [
        ['customers', other.budi.customerId],
        ['subscriptions', other.budi.id],
        ['service-plans', other.isp.planId],
      ]) {
        const foreign = await mine.isp.admin.call('GET', `${path}/${id}`);
        expect(foreign.status).toBe(404);
        expect(foreign.body).toEqual((await mine.isp.admin.call('GET', `${path}/${missing}`)).body);
      }
    }
  });

  it('in RADIUS each database holds its own user and router, and no other’s', async () => {
    for (const [mine, other] of pairs()) {
      const text = JSON.stringify([
        await mine.radius.rows(sql`select * from radcheck`),
        await mine.radius.rows(sql`select * from radreply`),
        await mine.radius.rows(sql`select * from radusergroup`),
        await mine.radius.rows(sql`select * from nas`),
        await mine.radius.rows(sql`select * from hub_nas`),
      ]);
      expect(text).toContain(tenantKey(mine.isp.tenantId));
      expect(text).toContain(mine.budi.password);
      expect(text).not.toContain(tenantKey(other.isp.tenantId));
      expect(readableIn(text, [...other.secrets, other.canary])).toEqual([]);
    }
  });

  it('in PostgreSQL no row of one speaks of the other: facts, jobs, timelines, audit', async () => {
    const tables = await hub.look<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where a.attname = 'tenant_id' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
    );
    for (const [mine, other] of pairs()) {
      for (const { name } of tables) {
        const rows = await hub.look<{ row: string }>(`select t::text as row from ${name} t where tenant_id = $1`, [
          mine.isp.tenantId,
        ]);
        expect(readableIn(rows.map(({ row }) => row).join('\n'), marksOf(other)), name).toEqual([]);
      }
    }
  });

  it('SEC-21, SEC-22: no planted secret can be read in a dump of the bridge, in its jobs or in the log', async () => {
    await alpha.isp.admin.post(`subscriptions/${alpha.budi.id}/password`, { action: 'reveal' });
    await alpha.isp.admin.call('PUT', 'connections/erpnext', { url: 'nonsense', api_secret: alpha.secrets[1] });
    const secrets = [...alpha.secrets, ...beta.secrets];
    const dump = await dumpOf(hub.look);
    expect(dump.size).toBeGreaterThan(15);
    for (const [table, text] of dump) expect(readableIn(text, secrets), table).toEqual([]);
    expect(readableIn(hub.log(), [...secrets, phone])).toEqual([]);
    // Control: in RADIUS, where FreeRADIUS needs it in clear, the same search finds it.
    const cleartext = JSON.stringify(await hub.radius.rows(sql`select * from radcheck`));
    expect(readableIn(cleartext, secrets)).toEqual([alpha.secrets[1]]);
  });

  it('a router that one of them removes is gone from its RADIUS database, and the other’s namesake stays', async () => {
    const routersOf = ({ radius }: Provider) => radius.rows(sql`select nasname from nas`);
    const { data } = await alpha.isp.admin.get<{ data: readonly { id: string }[] }>('nas');
    expect((await alpha.isp.admin.call('DELETE', `nas/${data[0]?.id}`)).status).toBe(204);
    await eventually(
      () => routersOf(alpha),
      (rows) => rows.length === 0,
    );
    expect(await routersOf(beta)).toEqual([{ nasname: routerAddress }]);
  });

  it('SEC-17: systems in private networks are out of reach until the tenant’s admin allows them', async () => {
    const { admin } = await hub.addOffice('gamma');
    const secrets = { api_key: 'k', api_secret: 's', webhook_secret: 'w'.repeat(20) };
    await admin.put('connections/erpnext', { url: 'http://10.255.255.1:9', ...secrets });
    const test = () => admin.post<{ ok: boolean; text: string }>('connections/erpnext/test');
    expect(await test()).toMatchObject({ ok: false, text: expect.stringContaining('private') });
    await admin.put('connections/erpnext', { url: 'http://[fd00::1]:9', ...secrets });
    expect(await test()).toMatchObject({ ok: false, text: expect.stringContaining('private') });
  });
});
