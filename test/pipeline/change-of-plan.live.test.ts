import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reconciliation } from '#features/drift/schema.ts';
import type { Nas, ReceivedOrder } from '#sandbox/nas/nas.ts';
import { eventually } from './eventually.ts';
import { type Isp, isolirRate, type Subscriber } from './isp.ts';
import { type LiveIsp, openLiveIsp } from './live-isp.ts';
import { comesOnline, online } from './radius-stage.ts';

type Intent = { readonly id: string; readonly state: string; readonly error: string | null };

let live: LiveIsp;
let isp: Isp;

beforeAll(async () => {
  live = await openLiveIsp();
  ({ isp } = live);
});
afterAll(() => live.close());

async function addPlan(name: string, mbps: number, more: object = {}): Promise<string> {
  const plan = { name, speed_download: mbps, speed_upload: mbps, price: 100_000, ...more };
  const { id } = await isp.admin.post<{ id: string }>('service-plans', plan);
  return id;
}

const ordersAt = (nas: Nas, kind: ReceivedOrder['kind']) => nas.received().filter((order) => order.kind === kind);
const toldOf = async (who: Subscriber, kind: string) =>
  (await isp.explain(who)).timeline.filter((entry) => entry.kind === kind);
const moveTo = (who: Subscriber, plan: string) =>
  isp.admin.post(`subscriptions/${who.id}/change-plan`, { service_plan_id: plan, reason: 'asked for it' });
const intentsOf = async (who: Subscriber, kind: string): Promise<readonly Intent[]> =>
  (await isp.admin.get<{ data: Intent[] }>(`outbox?kind=${kind}&subscription_id=${who.id}`)).data;

async function hasSpeed(nas: Nas, who: Subscriber, rate: string): Promise<void> {
  await comesOnline(nas, who, ({ rateLimit }) => rateLimit === rate);
}

// Each has subscribers, plans and a router of its own; what they wait for is the same time.
describe.concurrent('a change of plan, for who is online', () => {
  it('R2, X2: a plan’s new speed is one rewrite of its group and a CoA to each session; nobody logs in anew', async () => {
    const nas = await live.addRouter('speed', '127.0.0.61');
    const plan = await addPlan('Cepat 10', 10);
    const [one, two] = [
      await isp.addSubscriber('Adi', { service_plan_id: plan }),
      await isp.addSubscriber('Bela', { service_plan_id: plan }),
    ];
    const other = await isp.addSubscriber('Citra');
    const before = [
      await online(nas, one),
      await online(nas, two, { mac: '4C:5E:0C:AA:BB:02' }),
      await online(nas, other, { mac: '4C:5E:0C:AA:BB:03' }),
    ];
    const groupsWritten = async (): Promise<number> => {
      const { data } = await isp.admin.get<{ data: { key: string }[] }>('outbox?kind=group.apply&page_size=100');
      return data.filter(({ key }) => key.endsWith(':cepat-10')).length;
    };
    expect(await groupsWritten()).toBe(1);
    await isp.admin.call('PATCH', `service-plans/${plan}`, { speed_download: 20, speed_upload: 20 });
    await hasSpeed(nas, one, '20M/20M');
    await hasSpeed(nas, two, '20M/20M');
    expect(await groupsWritten()).toBe(2);
    expect(nas.sessions().map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(ordersAt(nas, 'coa')).toHaveLength(2);
    expect(ordersAt(nas, 'disconnect')).toEqual([]);
    const [told] = await eventually(
      () => toldOf(one, 'coa'),
      (entries) => entries.length === 1,
    );
    expect(told).toMatchObject({
      text: expect.stringContaining('20M/20M'),
      data: { request: 'CoA-Request', answer: 'ack', nas: 'speed', rate_limit: '20M/20M', attempts: 1 },
    });
    expect(told?.data.roundTripMs).toBeGreaterThan(0);
    // Looked at once more for logins that were under way, it still sends nothing twice.
    await eventually(
      () => isp.admin.get<{ total: number }>('outbox?kind=sessions.refresh&state=done&page_size=1'),
      ({ total: done }) => done >= 1,
    );
    expect(ordersAt(nas, 'coa')).toHaveLength(2);
  });

  it('R2: a line’s other plan of the same kind is told by CoA, and the reconciliation takes that for right', async () => {
    const nas = await live.addRouter('move', '127.0.0.62');
    const [slow, fast] = [await addPlan('Pindah 10', 10), await addPlan('Pindah 30', 30)];
    const who = await isp.addSubscriber('Dewi', { service_plan_id: slow });
    const session = await online(nas, who);
    await moveTo(who, fast);
    await hasSpeed(nas, who, '30M/30M');
    await eventually(
      () => intentsOf(who, 'sessions.drop'),
      ([drop]) => drop?.state === 'done',
    );
    const { id } = await isp.admin.post<Reconciliation>('reconciliations', { scope: 'sessions' });
    const run = await eventually(
      () => isp.admin.get<Reconciliation>(`reconciliations/${id}`),
      ({ state }) => state === 'done',
    );
    expect(run.found).not.toHaveProperty('wrong_session');
    // Back again: its Class has said the old plan all the time.
    await moveTo(who, slow);
    await hasSpeed(nas, who, '10M/10M');
    expect(nas.sessions()).toMatchObject([{ id: session.id }]);
    expect(ordersAt(nas, 'disconnect')).toEqual([]);
    // The walled garden is entered by a new login, whatever it was told before.
    nas.behaviour({ autoRelogin: true });
    await isp.admin.post(`subscriptions/${who.id}/suspend`, { reason: 'asked for it' });
    await hasSpeed(nas, who, isolirRate);
    await isp.admin.post(`subscriptions/${who.id}/resume`, { reason: 'asked for it' });
    await hasSpeed(nas, who, '10M/10M');
    expect(ordersAt(nas, 'coa')).toHaveLength(2);
    expect(ordersAt(nas, 'disconnect')).toHaveLength(2);
  });

  it('R2: what RouterOS cannot change as it runs (another pool) is a new login', async () => {
    const nas = await live.addRouter('pool', '127.0.0.63');
    const [plain, pooled] = [await addPlan('Umum 10', 10), await addPlan('Kolam 30', 30, { address_pool: 'kolam' })];
    const who = await isp.addSubscriber('Eka', { service_plan_id: plain });
    const session = await online(nas, who);
    nas.behaviour({ autoRelogin: true });
    await moveTo(who, pooled);
    await comesOnline(nas, who, ({ id, rateLimit }) => id !== session.id && rateLimit === '30M/30M');
    expect(ordersAt(nas, 'coa')).toEqual([]);
  });

  it('R2, X2: a router that refuses the CoA gets a Disconnect, and its Error-Cause is told', async () => {
    const nas = await live.addRouter('refuses', '127.0.0.64');
    const [slow, fast] = [await addPlan('Tolak 10', 10), await addPlan('Tolak 30', 30)];
    const who = await isp.addSubscriber('Fajar', { service_plan_id: slow });
    const session = await online(nas, who);
    nas.behaviour({ nak: 401, autoRelogin: true });
    nas.events.once('order', () => nas.behaviour({ nak: null }));
    await moveTo(who, fast);
    await comesOnline(nas, who, ({ id, rateLimit }) => id !== session.id && rateLimit === '30M/30M');
    expect(nas.received().map(({ kind }) => kind)).toEqual(['coa', 'disconnect']);
    expect(await toldOf(who, 'coa')).toMatchObject([{ data: { answer: 'nak', errorCause: 401 } }]);
  });

  it('law 8: an ACK without effect is found out by accounting, and ends in a Disconnect', async () => {
    const nas = await live.addRouter('pretends', '127.0.0.65');
    const [fast, slow] = [await addPlan('Bohong 30', 30), await addPlan('Bohong 1', 1)];
    const who = await isp.addSubscriber('Gita', { service_plan_id: fast });
    const session = await online(nas, who);
    nas.behaviour({ ackWithoutEffect: true });
    await moveTo(who, slow);
    const waits = async (): Promise<Intent | undefined> => {
      const [drop] = await intentsOf(who, 'sessions.drop');
      return drop?.state === 'ready' && drop.error?.includes('slower') ? drop : undefined;
    };
    await eventually(waits, (drop) => drop !== undefined);
    expect(nas.sessions()).toMatchObject([{ id: session.id, rateLimit: '30M/30M' }]);
    // A person need not wait for its next look: the first accounting update begins the count, the next one tells.
    let octets = 0n;
    const seen = async (): Promise<boolean> => {
      octets += 50_000_000n;
      await nas.interim(session, { inputOctets: octets, outputOctets: octets });
      const drop = await waits();
      if (drop) await isp.admin.call('POST', `outbox/${drop.id}/retry`);
      return (await toldOf(who, 'coa_seen')).length > 0;
    };
    await eventually(seen, (isSeen) => isSeen, 60_000);
    nas.behaviour({ ackWithoutEffect: false, autoRelogin: true });
    await comesOnline(nas, who, ({ id, rateLimit }) => id !== session.id && rateLimit === '1M/1M');
    expect(await toldOf(who, 'coa_seen')).toMatchObject([{ data: { seen: 'ignored' } }]);
    expect(ordersAt(nas, 'coa')).toHaveLength(1);
  });
});
