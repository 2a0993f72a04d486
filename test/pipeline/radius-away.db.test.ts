import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Line } from '#features/subscriptions/schema.ts';
import { type Mariadb, startMariadb } from '#sandbox/services/mariadb.ts';
import { eventually } from './eventually.ts';
import { inLanes } from './in-lanes.ts';
import { type Isp, isApplied, openIsp, type Subscriber } from './isp.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

type Readiness = {
  readonly ready: boolean;
  readonly dependencies: { readonly radius: { readonly ok: boolean } };
  readonly cuts: Readonly<Record<string, number | boolean>>;
};
type Intent = { readonly key: string; readonly attempts: number; readonly error: string | null };

let folder: string;
let mariadb: Mariadb;
let hub: RunningHub;
let isp: Isp;
let otherPlan: string;

const comesBack = async (): Promise<void> => {
  mariadb = await startMariadb({ dir: join(folder, 'my'), port: mariadb.port });
};

// The hub starts while its RADIUS database is away.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jbm-'));
  await chmod(folder, 0o755);
  mariadb = await startMariadb({ dir: join(folder, 'my') });
  hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'mysql',
    radiusServerUrl: mariadb.url,
    beforeStart: () => mariadb.stop(),
  });
});
afterAll(async () => {
  await isp.stop();
  await hub.close();
  await mariadb.stop();
  await rm(folder, { recursive: true, force: true });
});

async function readiness(): Promise<{ status: number; body: Readiness }> {
  const response = await fetch(`${hub.url}/readyz`);
  return { status: response.status, body: (await response.json()) as Readiness };
}

async function lines(): Promise<Line[]> {
  const all: Line[] = [];
  for (let page = 1; ; page++) {
    const { data, total } = await isp.admin.get<{ data: Line[]; total: number }>(
      `subscriptions?page=${page}&page_size=100`,
    );
    all.push(...data);
    if (all.length >= total) return all;
  }
}

const allApplied = (): Promise<Line[]> => eventually(lines, (all) => all.every(isApplied), 120_000);

/** Who is in which group at RADIUS, by username; the group without the tenant's prefix. */
async function groupsHeld(): Promise<Map<string, string>> {
  const rows = await hub.radius.rows(sql`SELECT username, groupname FROM radusergroup`);
  return new Map(rows.map(({ username, groupname }) => [username ?? '', groupname?.split(':')[1] ?? '']));
}

const register = (name: string, more = {}): Promise<Subscriber> =>
  isp.admin
    .post<{ id: string; subscription: Pick<Subscriber, 'id' | 'username' | 'password'> }>('customers', {
      name,
      phone: '0812',
      address: 'Jl. Melati 5',
      service_plan_id: isp.planId,
      ...more,
    })
    .then(({ id, subscription }) => ({ ...subscription, customerId: id, erpCustomer: name }));

it('B10: a hub whose RADIUS database is away starts, serves, and writes when it comes', async () => {
  expect(await readiness()).toMatchObject({
    status: 200,
    body: { ready: true, dependencies: { radius: { ok: false } } },
  });
  isp = await openIsp(hub, Date.now);
  const fast = { name: 'Home 100', speed_download: 100, speed_upload: 50, price: 250_000 };
  otherPlan = (await isp.admin.post<{ id: string }>('service-plans', fast)).id;
  const who = await register('Andi');
  expect(await isp.line(who)).toMatchObject({ state: 'active', applied_generation: null, online: null });
  await comesBack();
  await allApplied();
  expect((await groupsHeld()).get(who.username.toLowerCase())).toBe('home-50');
});

it('B8: what holds cuts back stands in /readyz as numbers, and makes nothing unready', async () => {
  const none = { all_stopped: false, tenants_stopped: 0, tenants_held: 0, lines_held: 0 };
  expect((await readiness()).body.cuts).toEqual(none);
  await isp.admin.put('kill-switch', { on: true, reason: 'rahasia dapur' });
  const { status, body } = await readiness();
  expect([status, body.ready, body.cuts]).toEqual([200, true, { ...none, tenants_stopped: 1 }]);
  expect(JSON.stringify(body)).not.toContain('rahasia');
  expect(await isp.admin.get('safety')).toMatchObject({ kill_switch: { on: true }, open_holds: 0 });
  await isp.admin.put('kill-switch', { on: false, reason: 'selesai' });
});

const operations = ['register', 'suspend', 'resume', 'terminate', 'change-plan', 'activate'] as const;
type Operation = (typeof operations)[number];

const groupAfter: Readonly<Record<Operation, string>> = {
  register: 'home-50',
  activate: 'home-50',
  suspend: 'isolir',
  resume: 'home-50',
  terminate: 'terminated',
  'change-plan': 'home-100',
};

async function operate(who: Subscriber, operation: Operation): Promise<void> {
  if (operation === 'register') return;
  const more = operation === 'change-plan' ? { service_plan_id: otherPlan } : {};
  await isp.admin.post(`subscriptions/${who.id}/${operation}`, { reason: 'asked for', ...more });
}

const runs = 100;

/** A line on which the operation can be done; null: there is none before. */
async function lineFor(operation: Operation, i: number): Promise<Subscriber | null> {
  if (operation === 'register') return null;
  // The plan of a line that ERPNext got from here is changed there.
  if (operation === 'change-plan') return isp.addSubscriber(`Before ${i}`);
  const who = await register(`Before ${i}`, operation === 'activate' ? { billing_mode: 'prepaid' } : {});
  if (operation === 'resume') await operate(who, 'suspend');
  return who;
}

it(`P29: any of ${runs} operations while RADIUS is out of reach is queued, shown, and done later`, async () => {
  const seed = Date.now() % 1_000_000_000;
  const wanted = fc.sample(fc.constantFrom(...operations), { numRuns: runs, seed });
  const before = await inLanes(wanted, lineFor);
  await allApplied();

  const expected = new Map<string, string>();
  await mariadb.stop();
  try {
    await inLanes(wanted, async (operation, i) => {
      const who = before[i] ?? (await register(`During ${i}`));
      await operate(who, operation);
      expected.set(who.username.toLowerCase(), groupAfter[operation]);
    });
    // A line may have two for a moment: one that is being tried, and the newer one.
    const pages = () =>
      Promise.all(
        [1, 2].map((page) =>
          isp.admin.get<{ data: Intent[] }>(`outbox?kind=access.apply&state=ready&page_size=100&page=${page}`),
        ),
      );
    const waiting = await eventually(
      async () => (await pages()).flatMap(({ data }) => data),
      (data) => new Set(data.map(({ key }) => key)).size === runs && data.every(({ error }) => error !== null),
      120_000,
    );
    expect(new Set(waiting.map(({ key }) => key))).toEqual(new Set(expected.keys()));
    expect(waiting[0]?.error).toMatch(/RADIUS database/);
    expect(await readiness()).toMatchObject({ status: 200, body: { dependencies: { radius: { ok: false } } } });
  } finally {
    await comesBack();
  }
  await allApplied();
  const held = await groupsHeld();
  const wrong = [...expected].filter(([name, group]) => held.get(name) !== group);
  expect(wrong, `seed ${seed}`).toEqual([]);
  expect((await isp.admin.get<{ total: number }>('outbox?state=dead')).total).toBe(0);
}, 600_000);

it('REL-9: a RADIUS database that hangs holds up no webhook and no decision, and gets the last one when it goes on', async () => {
  const who = await isp.addSubscriber('Bayu');
  mariadb.kill('SIGSTOP');
  let invoice: string;
  try {
    invoice = isp.billOverdue(who);
    await eventually(
      () => isp.admin.get<{ data: Line[] }>(`subscriptions?username=${who.username}`),
      ({ data }) => data[0]?.state === 'isolated',
      60_000,
    );
    await isp.erp.delivered();
    expect(isp.erp.deliveries().filter(({ tries }) => tries.length > 1)).toEqual([]);
    isp.erp.pay({ invoice });
    await eventually(
      () => isp.admin.get<{ data: Line[] }>(`subscriptions?username=${who.username}`),
      ({ data }) => data[0]?.state === 'active',
      60_000,
    );
    expect(await readiness()).toMatchObject({ status: 200, body: { dependencies: { radius: { ok: false } } } });
  } finally {
    mariadb.kill('SIGCONT');
  }
  await allApplied();
  expect((await groupsHeld()).get(who.username.toLowerCase())).toBe('home-50');
});
