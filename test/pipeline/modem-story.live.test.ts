import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Scan } from '#features/scans/schema.ts';
import type { Line } from '#features/subscriptions/schema.ts';
import { fiberPlan } from '#sandbox/erpnext/small-isp.ts';
import type { Nas, Session } from '#sandbox/nas/nas.ts';
import { openWarehouse, type Warehouse } from '#test/inventree/stand-in.ts';
import { eventually } from './eventually.ts';
import { type Client, logIn } from './http-client.ts';
import { type Isp, isApplied, openIsp, planRate, type Subscriber } from './isp.ts';
import { dialOf, online, openRadiusStage, type RadiusStage, registerNas } from './radius-stage.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

const weekMs = 7 * 24 * 3_600_000;
const [first, second] = [
  { serial: 'ZTEGC8D2F011', mac: '4C:5E:0C:AA:BB:01' },
  { serial: 'ZTEGC8D2F012', mac: '4C:5E:0C:AA:BB:02' },
];

type Person = { readonly id: string; readonly name: string; readonly client: Client };

describe.each(['the hub’s own list', 'InvenTree'])('a modem from the shelf to the wall and back, on %s', (stock) => {
  let warehouse: Warehouse | null = null;
  let hub: RunningHub;
  let stage: RadiusStage;
  let isp: Isp;
  let nas: Nas;
  let ahead = 0;
  const clock = (): number => Date.now() + ahead;
  let gudang: Person;
  let budi: Person;
  let rina: Subscriber;
  let erpSubscription: string;
  let scans = 0;
  let atHome: Session;

  async function hire(role: 'warehouse' | 'technician', name: string): Promise<Person> {
    const user = { email: `${name.toLowerCase()}@isp.example`, password: 'correct horse', name, role };
    const { id } = await isp.admin.post<{ id: string }>('auth/register', { ...user, tenant_id: isp.tenantId });
    return { id, name, client: await logIn(hub.url, { ...user, subdomain: isp.subdomain }) };
  }
  const send = (who: Person, wish: Readonly<Record<string, unknown>>) => {
    scans += 1;
    const stamp = { client_ref: `hp-${scans}`, scanned_at: new Date(clock()).toISOString() };
    return who.client.post<Scan>('scans', { ...stamp, ...wish });
  };
  const becomes = (who: Person, { id }: Scan, status: Scan['status']): Promise<Scan> =>
    eventually(
      () => who.client.get<Scan>(`scans/${id}`),
      (scan) => scan.status === status,
    );
  const step = (scan: Scan, name: string): string | undefined => scan.steps.find((one) => one.name === name)?.state;
  const modem = async (serial: string) => {
    const sql = 'select id, state, subscription_id, technician_id from assets where tenant_id = $1 and serial = $2';
    const [row] = await hub.look<{ id: string; state: string }>(sql, [isp.tenantId, serial]);
    return row;
  };
  const serialInErpnext = (): unknown => isp.erp.get('Subscription', erpSubscription).jembatan_modem_serial;
  const lets = async (mac: string) => (await nas.login(dialOf(rina, { mac }))).accepted;

  /** A customer whom ERPNext had first. */
  async function subscribe(name: string): Promise<Subscriber> {
    isp.erp.createCustomer({ customer_name: name, mobile_no: '+6281200000003' });
    erpSubscription = isp.erp.createSubscription({ party: name, plans: [fiberPlan] });
    const [line] = await eventually(
      async () => (await isp.admin.get<{ data: Line[] }>('subscriptions')).data,
      (lines) => lines.length === 1 && lines.every(isApplied),
    );
    if (!line) throw new Error('the line did not come');
    const { password } = await isp.admin.post<{ password: string }>(`subscriptions/${line.id}/password`, {
      action: 'reveal',
    });
    return { id: line.id, username: line.username, password, customerId: line.customer.id, erpCustomer: name };
  }

  beforeAll(async () => {
    const [postgresUrl, radiusServerUrl] = [inject('postgresUrl'), inject('mariadbUrl')];
    hub = await startRunningHub({ postgresUrl, flavor: 'mysql', radiusServerUrl, clock });
    stage = await openRadiusStage(hub.radius);
    nas = await stage.startRouter('127.0.0.41');
    isp = await openIsp(hub, clock);
    await registerNas(isp.admin, nas, 'CKP');
    gudang = await hire('warehouse', 'Gudang');
    budi = await hire('technician', 'Budi');
    rina = await subscribe('Rina');
    if (stock === 'InvenTree') {
      warehouse = await openWarehouse(421);
      await isp.admin.put('connections/inventree', warehouse.settings);
    }
    await gudang.client.post('assets', { part: 'ONT F670L', units: [first, second] });
  });
  afterAll(async () => {
    await stage.stop();
    await isp.stop();
    await hub.close();
    await warehouse?.close();
  });

  it('A2: the warehouse hands a modem over, and the technician says that it has it', async () => {
    for (const { serial } of [first, second]) {
      const given = await send(gudang, { kind: 'hand_over', code: serial, technician_id: budi.id });
      await becomes(gudang, given, 'done');
    }
    await becomes(
      budi,
      await send(budi, { kind: 'pick_up', code: first.mac.toLowerCase().replaceAll(':', '-') }),
      'done',
    );
    expect(await modem(first.serial)).toMatchObject({ state: 'in_transit', technician_id: budi.id });
  });

  it('A4, R3: the technician installs it, and the customer comes online with its plan and its MAC locked', async () => {
    const label = `S/N: ${first.serial} MAC: ${first.mac}`;
    const scan = await send(budi, { kind: 'install', code: label, subscription_id: rina.id });
    await eventually(
      () => budi.client.get<Scan>(`scans/${scan.id}`),
      (now) => step(now, 'mac_lock') === 'done',
    );
    expect(await lets(second.mac)).toBe(false);
    atHome = await online(nas, rina, { mac: first.mac });
    expect(atHome.rateLimit).toBe(planRate);
    const done = await eventually(
      () => budi.client.get<Scan>(`scans/${scan.id}`),
      (now) => step(now, 'online') === 'done' && step(now, 'erp') !== 'waiting',
    );
    expect(done.steps.map(({ name, state }) => [name, state])).toEqual([
      ['asset', 'done'],
      ['replaced', 'skipped'],
      ['stock', 'done'],
      ['erp', 'done'],
      ['mac_lock', 'done'],
      ['activation', 'done'],
      ['online', 'done'],
    ]);
    expect(await modem(first.serial)).toMatchObject({ state: 'installed', subscription_id: rina.id });
    expect(serialInErpnext()).toBe(first.serial);
  });

  it('A4: a modem at one customer’s is refused at another, in words, and nothing changes', async () => {
    const tono = await isp.addSubscriber('Tono');
    const wish = { kind: 'install', code: first.serial, subscription_id: tono.id };
    const stamp = { client_ref: 'hp-x', scanned_at: new Date(clock()).toISOString() };
    const refused = await budi.client.call<{ message: string; details: { problem: string } }>('POST', 'scans', {
      ...wish,
      ...stamp,
    });
    expect(refused.status).toBe(409);
    expect(refused.body.details.problem).toBe('installed_elsewhere');
    expect(refused.body.message).toMatch(/^Modem ini terpasang di pelanggan .*Rina\.$/);
    expect((await isp.line(tono)).mac).toBeNull();
  });

  it('A6, R3: a week later it is replaced: the old one is in the bag, the lock on the new one', async () => {
    ahead += weekMs;
    const wish = { kind: 'install', code: second.serial, subscription_id: rina.id, condition: 'damaged' };
    const offered = await budi.client.call<{ details: { replaces: string } }>('POST', 'scans', {
      ...wish,
      ...{ client_ref: 'hp-swap', scanned_at: new Date(clock()).toISOString() },
    });
    expect(offered).toMatchObject({ status: 409, body: { details: { problem: 'line_has_modem' } } });
    const scan = await send(budi, { ...wish, client_ref: 'hp-swap', replaces: offered.body.details.replaces });
    await eventually(
      () => budi.client.get<Scan>(`scans/${scan.id}`),
      (now) => step(now, 'mac_lock') === 'done',
    );
    // The old one is off the wall.
    await nas.logout(atHome);
    expect(await lets(first.mac)).toBe(false);
    await online(nas, rina, { mac: second.mac });
    await eventually(
      () => budi.client.get<Scan>(`scans/${scan.id}`),
      (now) => step(now, 'online') === 'done' && step(now, 'erp') === 'done',
    );
    expect(serialInErpnext()).toBe(second.serial);
    expect(await modem(first.serial)).toMatchObject({ state: 'damaged', technician_id: budi.id });
    expect(await modem(second.serial)).toMatchObject({ state: 'installed', subscription_id: rina.id });
  });

  it('A6: the old one goes back to the warehouse, and every step is found again in both timelines', async () => {
    await becomes(gudang, await send(gudang, { kind: 'return', code: first.serial }), 'done');
    expect(await modem(first.serial)).toMatchObject({ state: 'damaged', technician_id: null });
    const old = await modem(first.serial);
    const moves = await hub.look<{ kind: string }>(
      `select kind from asset_moves where tenant_id = $1 and asset_id = $2
         and (operation_id is not null or kind = 'pick_up') order by happened_at, recorded_at`,
      [isp.tenantId, old?.id],
    );
    expect(moves.map(({ kind }) => kind)).toEqual(['hand_over', 'pick_up', 'install', 'uninstall', 'to_warehouse']);
    if (warehouse) {
      const items = warehouse.server
        .items()
        .map(({ serial, location, customer }) => [serial, location, customer !== null]);
      expect(items).toEqual([
        [first.serial, warehouse.shelf, false],
        [second.serial, null, true],
      ]);
    }
    const { timeline } = await isp.explain(rina);
    const told = timeline.filter(({ kind }) => kind === 'modem').map(({ text }) => text.replace(/\(.*\)/, '()'));
    expect(told).toEqual([
      `Modem ${first.serial} () was installed by Budi.`,
      'The modem is online ().',
      `Modem ${first.serial} () was taken out by Budi, damaged.`,
      `Modem ${second.serial} () was installed by Budi.`,
      'The modem is online ().',
    ]);
  });

  it('REL-17: a scan that is sent many times at once is one scan, and another under its ref is refused', async () => {
    const wish = {
      kind: 'return',
      code: second.serial,
      client_ref: 'hp-many',
      scanned_at: new Date(clock()).toISOString(),
    };
    const all = await Promise.all(Array.from({ length: 50 }, () => budi.client.call<Scan>('POST', 'scans', wish)));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1);
    expect((await budi.client.call('POST', 'scans', { ...wish, code: first.serial })).status).toBe(409);
    const [made] = await hub.look<{ operations: number }>(
      'select count(*)::int as operations from asset_operations where tenant_id = $1 and scan_id = $2',
      [isp.tenantId, all[0]?.body.id],
    );
    expect(made).toEqual({ operations: 1 });
    await becomes(budi, all[0]?.body as Scan, 'done');
    expect((await isp.line(rina)).mac).toBeNull();
    expect(serialInErpnext()).toBe('');
  });
});
