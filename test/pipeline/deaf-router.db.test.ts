import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Busy, dispatchLane } from '#outbox/dispatch.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { CoaTarget, Enforcer, NasAnswer } from '#ports/enforcer/port.ts';
import { addRouter, decideAndWrite, hold, laneOf, openSession } from '#test/faults/routers/stage.ts';
import { eventually } from './eventually.ts';
import { createTestHub, type TestHub, type TestLine } from './test-hub.ts';

const silence: NasAnswer = { answer: 'silence', attempts: 5 };
const deafAddress = '10.7.0.1';

let hub: TestHub;
let tenantId: string;
let lines: readonly TestLine[];
/** Usernames in the order in which a router was asked about them. */
let asked: string[] = [];
let isDeaf = true;
/** So many orders must have been sent away from the router before it answers, or does not: its answers take time. */
let others = 0;

const fake = createFakeEnforcer();
const enforcer: Enforcer = {
  ...fake,
  dropSession: async (session, target) => {
    asked.push(session.username);
    drops.push(target);
    if (session.nasAddress === deafAddress) await eventually(waiting, (sent) => sent.length >= others);
    if (isDeaf && session.nasAddress === deafAddress) return { ok: true, value: silence };
    fake.endSession(session.uniqueId);
    return { ok: true, value: { answer: 'ack', roundTripMs: 1, attempts: 1 } };
  },
};
const drops: CoaTarget[] = [];

beforeAll(async () => {
  hub = await createTestHub(inject('postgresUrl'), { enforcer });
  tenantId = await hub.addTenant();
  await addRouter(hub, tenantId, deafAddress, 3799);
  await addRouter(hub, tenantId, '10.7.0.2', 3799);
  const made: TestLine[] = [];
  for (let i = 0; i < 14; i++) made.push(await hub.addLine(tenantId, `tuli${i}`));
  lines = made;
  await hub.settle();
  await hub.look(
    `insert into users (tenant_id, email, name, role, password_hash) values ($1, 'noc@x.id', 'N', 'noc', '-')`,
    [tenantId],
  );
  await hub.look(
    `insert into webhook_endpoints (tenant_id, url, event_types, secret) values ($1, 'https://x.id/', '["*"]', '-')`,
    [tenantId],
  );
  // The last two are at a router that hears.
  for (const [i, line] of lines.entries()) openSession(fake, line, i < 12 ? deafAddress : '10.7.0.2');
});
afterAll(() => hub.close());

type Router = { silences: number; is_deaf: boolean; rest: number };
const router = async (): Promise<Router | undefined> =>
  (
    await hub.look<Router>(
      `select silences, deaf_since is not null as is_deaf, coalesce(extract(epoch from next_try_at - now()), 0)::float8 as rest
       from nas where tenant_id = $1 and address = $2`,
      [tenantId, deafAddress],
    )
  )[0];
type Waiting = { username: string; attempts: number; error: string; wait: number };
const waiting = () =>
  hub.look<Waiting>(
    `select key as username, attempts, error, extract(epoch from next_at - now())::float8 as wait from outbox o
     where tenant_id = $1 and kind = 'sessions.drop' and state = 'ready' and nas_id is not null order by id`,
    [tenantId],
  );
async function nextLook(isRested: boolean): Promise<void> {
  asked = [];
  if (isRested) await hub.look('update nas set next_try_at = null where tenant_id = $1', [tenantId]);
  await hub.look(`update outbox set next_at = now() where tenant_id = $1 and state = 'ready'`, [tenantId]);
  await hub.steps.dispatch();
}
const announced = async (): Promise<readonly string[]> =>
  (
    await hub.look<{ type: string }>(
      `select type from announcements where tenant_id = $1 and type like 'router.%' order by created_at`,
      [tenantId],
    )
  ).map(({ type }) => type);

describe('a router that answers nothing', () => {
  it('X3: after one silent round it rests, and is asked no more; who is at other routers is sent away', async () => {
    await hold(hub, lines, true);
    await decideAndWrite(hub);
    others = 4;
    await hub.steps.dispatch();
    // Eight at most are in its hands at a time.
    expect(asked.filter((name) => !['tuli12', 'tuli13'].includes(name))).toHaveLength(8);
    expect(await fake.openSessions('tuli13')).toMatchObject({ value: [] });
    expect(await router()).toMatchObject({ silences: 1, is_deaf: true });
    await nextLook(false);
    expect(asked.filter((name) => name !== 'tuli12' && name !== 'tuli13')).toEqual([]);
    const left = await waiting();
    expect(left).toHaveLength(12);
    expect(left.every(({ error }) => error.includes('does not answer'))).toBe(true);
    expect(await announced()).toEqual([]);
  });

  it('X3: rested, it is asked by one order alone; the second silence is announced, to people too', async () => {
    others = 11;
    await nextLook(true);
    expect(asked).toHaveLength(1);
    expect(await router()).toMatchObject({ silences: 2 });
    expect((await router())?.rest).toBeGreaterThan(20);
    expect(await announced()).toEqual(['router.silent']);
    const messages = await hub.look(`select 1 from messages where tenant_id = $1 and event = 'device_offline'`, [
      tenantId,
    ]);
    expect(messages).toHaveLength(1);
    await nextLook(true);
    expect(asked).toHaveLength(1);
    expect(await announced()).toEqual(['router.silent']);
  });

  it('X3: a release of the brake counts what waits for it as orders tried again and again', async () => {
    await nextLook(false);
    await nextLook(false);
    // What `advanceHolds` calls deaf: ready, and tried more than once.
    expect((await waiting()).every(({ attempts }) => attempts > 1)).toBe(true);
  });

  it('R8: a session whose accounting is silent too is asked for once, briefly, and its row is closed', async () => {
    const [session] = (await openOf('tuli11')) ?? [];
    if (!session) throw new Error('its session is gone already');
    const long = new Date(Date.now() - 3_600_000);
    fake.putSession({ ...session, startedAt: long, updatedAt: long });
    others = 0;
    drops.length = 0;
    await nextLook(false);
    expect(asked).toEqual(['tuli11']);
    expect(drops).toMatchObject([{ isBrief: true }]);
    expect(await openOf('tuli11')).toEqual([]);
  });

  it('X3: once it answers, what waits goes out at its own pace, and that is announced', async () => {
    isDeaf = false;
    others = 10;
    await nextLook(true);
    expect(asked).toHaveLength(1);
    expect(await router()).toMatchObject({ silences: 0, is_deaf: false, rest: 0 });
    expect(await announced()).toEqual(['router.silent', 'router.heard']);
    expect((await waiting()).every(({ wait }) => wait < 2)).toBe(true);
    others = 0;
    for (let look = 0; look < 4; look++) await nextLook(false);
    for (const { username } of lines) expect(await openOf(username)).toEqual([]);
  });
});

describe('a router that two processes give orders', () => {
  const address = '10.7.0.2';
  const set = (until: string) =>
    hub.look(`update nas set orders_per_second = 1, paced_until = ${until} where tenant_id = $1 and address = $2`, [
      tenantId,
      address,
    ]);
  /** Has the sessions of some lines to be dropped: they are let in, and then held. */
  async function toBeDropped(some: readonly TestLine[]): Promise<void> {
    await hold(hub, some, false);
    await decideAndWrite(hub);
    await hub.steps.dispatch();
    for (const line of some) openSession(fake, line, address);
    await hold(hub, some, true);
    await decideAndWrite(hub);
    asked = [];
  }
  /** What a process that has given no order yet asks the router now. */
  async function askedByAnother(): Promise<number> {
    asked = [];
    await hub.look(`update outbox set next_at = now() where tenant_id = $1 and state = 'ready'`, [tenantId]);
    const busy: Busy = new Map();
    await dispatchLane({ ...hub.dispatching, handing: null, pacing: createPacing() }, laneOf('sessions'), busy);
    await Promise.all(busy.keys());
    return asked.length;
  }

  it('X3: is given no more than its pace by both: what it answered one counts for the other', async () => {
    await set('null');
    await toBeDropped(lines.slice(0, 8));
    const [before] = await hub.look<{ now: Date }>('select now()');
    await hub.steps.dispatch();
    expect(asked).toHaveLength(8);
    const [paced] = await hub.look<{ ahead: number }>(
      `select extract(epoch from paced_until - $3)::float8 as ahead from nas where tenant_id = $1 and address = $2`,
      [tenantId, address, before?.now],
    );
    expect(paced?.ahead).toBeGreaterThanOrEqual(8);
    await toBeDropped(lines.slice(8, 10));
    await set(`now() + interval '28 s'`);
    expect(await askedByAnother()).toBe(0);
    expect((await waiting()).map(({ error }) => error)).toEqual(Array(2).fill(`waiting for its turn at ${address}`));
    // A clock that was set back holds nobody up.
    await set(`now() + interval '1 hour'`);
    expect(await askedByAnother()).toBe(2);
  });
});

const openOf = async (username: string) => {
  const open = await fake.openSessions(username);
  return open.ok ? open.value : null;
};
