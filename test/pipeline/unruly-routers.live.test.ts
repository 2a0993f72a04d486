import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Nas as NasView } from '#features/nas/schema.ts';
import type { Nas } from '#sandbox/nas/nas.ts';
import { eventually } from './eventually.ts';
import { type Isp, isApplied, isolirRate, planRate, type Subscriber } from './isp.ts';
import { type LiveIsp, openLiveIsp } from './live-isp.ts';
import { comesOnline, dialOf, nasSecret, online, registerNas } from './radius-stage.ts';

type Intent = { readonly id: string; readonly state: string; readonly attempts: number; readonly error: string | null };

let live: LiveIsp;
let isp: Isp;

beforeAll(async () => {
  live = await openLiveIsp();
  ({ isp } = live);
});
afterAll(() => live.close());

/** The newest order to drop a subscriber's sessions, as the outbox shows it. */
async function dropOf({ id }: Subscriber): Promise<Intent | undefined> {
  const { data } = await isp.admin.get<{ data: Intent[] }>(`outbox?kind=sessions.drop&subscription_id=${id}`);
  return data[0];
}

const toldOf = async (who: Subscriber, what: string) =>
  (await isp.explain(who)).timeline.filter(({ kind }) => kind === what);
const disconnectsOf = (who: Subscriber) => toldOf(who, 'disconnect');

async function addPlan(name: string, mbps: number): Promise<string> {
  const plan = { name, speed_download: mbps, speed_upload: mbps, price: 100_000 };
  return (await isp.admin.post<{ id: string }>('service-plans', plan)).id;
}

const ordersFor = (nas: Nas) => nas.received().filter(({ kind }) => kind === 'disconnect').length;

// Each has a subscriber and a router of its own; what they wait for is the same time.
describe.concurrent('a router that does not do as it is told', () => {
  it('R8: a deaf one is shown as such, its order waits, and it is obeyed once the router hears again', async () => {
    const nas = await live.addRouter('deaf', '127.0.0.41');
    const who = await isp.addSubscriber('Tuti');
    const session = await online(nas, who);
    nas.behaviour({ deaf: true });
    isp.billOverdue(who);
    await isp.becomes(who, 'isolated');
    const waiting = await eventually(
      () => dropOf(who),
      (drop) => drop?.error?.includes('does not answer') === true,
      45_000,
    );
    expect(waiting).toMatchObject({ state: 'ready', attempts: 1 });
    const { data } = await isp.admin.get<{ data: NasView[] }>('nas?search=deaf');
    expect(data).toMatchObject([{ name: 'deaf', answers: 'silent' }]);
    expect(await disconnectsOf(who)).toMatchObject([{ data: { answer: 'silence', attempts: 5, nas: 'deaf' } }]);
    expect((await isp.line(who)).online).toMatchObject([{ session_id: session.id }]);
    // Sent again it is the same packet, byte for byte.
    expect(new Set(nas.received().map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
    nas.behaviour({ deaf: false, autoRelogin: true });
    await comesOnline(nas, who, ({ rateLimit }) => rateLimit === isolirRate);
    await eventually(
      () => isp.admin.get<{ data: NasView[] }>('nas?search=deaf'),
      (heard) => heard.data[0]?.answers === 'yes',
    );
  });

  it('R8: a deaf one answers no CoA of a new plan and no Disconnect; once it hears, the session is sent away', async () => {
    const nas = await live.addRouter('mute', '127.0.0.66');
    const [slow, fast] = [await addPlan('Tuli 10', 10), await addPlan('Tuli 30', 30)];
    const who = await isp.addSubscriber('Hani', { service_plan_id: slow });
    const session = await online(nas, who);
    nas.behaviour({ deaf: true, autoRelogin: true });
    await isp.admin.post(`subscriptions/${who.id}/change-plan`, { service_plan_id: fast, reason: 'asked for it' });
    const [told] = await eventually(
      () => toldOf(who, 'coa'),
      (entries) => entries.length === 1,
      60_000,
    );
    expect(told).toMatchObject({ data: { answer: 'silence', attempts: 5 } });
    const { data } = await eventually(
      () => isp.admin.get<{ data: NasView[] }>('nas?search=mute'),
      ({ data: [router] }) => router?.waiting_orders === 1,
    );
    expect(data).toMatchObject([{ answers: 'silent', note: expect.stringContaining('unanswered') }]);
    expect(data[0]?.deaf_since).not.toBeNull();
    nas.behaviour({ deaf: false });
    await comesOnline(nas, who, ({ id, rateLimit }) => id !== session.id && rateLimit === '30M/30M');
    expect(await nas.login(dialOf(who))).toMatchObject({ accepted: false });
    await eventually(() => isp.line(who), isApplied);
  });

  it('R8: one that has no such session (NAK 503) proves the row stale: it is closed, and the next login is let in', async () => {
    const nas = await live.addRouter('forgetful', '127.0.0.42');
    const who = await isp.addSubscriber('Umar');
    const session = await online(nas, who);
    await nas.interim(session, { inputOctets: 4_294_967_297n, outputOctets: 9n });
    nas.behaviour({ noStop: true });
    await nas.logout(session);
    expect(await nas.login(dialOf(who))).toMatchObject({ accepted: false });

    isp.billOverdue(who);
    await eventually(
      () => isp.line(who),
      ({ online: open }) => open?.length === 0,
    );
    expect(await disconnectsOf(who)).toMatchObject([{ data: { answer: 'nak', errorCause: 503 } }]);
    const closed = sql`SELECT acctterminatecause AS cause, acctinputoctets AS input, acctstoptime = acctupdatetime AS last_seen
      FROM radacct WHERE acctsessionid = ${session.id}`;
    expect(await live.hub.radius.rows(closed)).toEqual([{ cause: 'Hub-Stale', input: '4294967297', last_seen: '1' }]);
    expect(await nas.login(dialOf(who))).toMatchObject({ session: { rateLimit: isolirRate } });
  });

  it('law 8: an ACK without effect is not believed: it is asked again, and shown, until the session has ended', async () => {
    const nas = await live.addRouter('liar', '127.0.0.43');
    const who = await isp.addSubscriber('Vina');
    const session = await online(nas, who);
    nas.behaviour({ ackWithoutEffect: true });
    isp.billOverdue(who);
    await eventually(
      () => ordersFor(nas),
      (orders) => orders >= 3,
    );
    expect(await dropOf(who)).toMatchObject({ error: expect.stringContaining('acknowledged') });
    expect((await isp.line(who)).online).toMatchObject([{ session_id: session.id }]);
    expect((await disconnectsOf(who)).length).toBeGreaterThanOrEqual(2);
    const ended = async () => (await isp.explain(who)).timeline.some(({ kind }) => kind === 'session_ended');
    expect(await ended()).toBe(false);
    nas.behaviour({ ackWithoutEffect: false });
    // By itself the hub asks again in half a minute; a person need not wait. It may be asking at this moment: 409.
    await isp.admin.call('POST', `outbox/${(await dropOf(who))?.id}/retry`);
    await eventually(ended, (isEnded) => isEnded, 60_000);
    expect(await dropOf(who)).toMatchObject({ state: 'done' });
    expect(nas.sessions()).toEqual([]);
  });

  it('a login that read the old rows, and whose Start comes after the decision, does not stay', async () => {
    const nas = await live.addRouter('late', '127.0.0.44');
    const who = await isp.addSubscriber('Wawan');
    nas.behaviour({ startDelayMs: 4_000, autoRelogin: true });
    const dialling = nas.login(dialOf(who));
    const early = await comesOnline(nas, who, ({ rateLimit }) => rateLimit === planRate);
    isp.billOverdue(who);
    await isp.becomes(who, 'isolated');
    expect((await isp.line(who)).online).toEqual([]);
    expect(await dialling).toMatchObject({ accepted: true });
    nas.behaviour({ startDelayMs: 0 });
    await comesOnline(nas, who, ({ id, rateLimit }) => id !== early.id && rateLimit === isolirRate);
  });

  it('law 10: a session at a router that is none of the tenant’s is held and told, and dropped once the router is known', async () => {
    const stranger = await live.stage.startRouter('127.0.0.45');
    await sql`INSERT INTO nas (nasname, shortname, secret) VALUES (${stranger.address}, 'old', ${nasSecret})`.execute(
      live.hub.radius.db,
    );
    const other = await live.addRouter('known', '127.0.0.46');
    const who = await isp.addSubscriber('Yanti');
    const session = await online(stranger, who);
    isp.billOverdue(who);
    const held = await eventually(
      () => dropOf(who),
      (drop) => drop?.state === 'dead',
    );
    expect(held?.error).toContain(stranger.address);
    const { timeline, sessions } = await isp.explain(who);
    expect(timeline).toContainEqual(expect.objectContaining({ kind: 'disconnect_failed', text: held?.error }));
    expect(sessions).toMatchObject([{ session_id: session.id }]);
    expect([ordersFor(stranger), ordersFor(other)]).toEqual([0, 0]);

    await registerNas(isp.admin, stranger, 'taken over');
    await isp.admin.post(`outbox/${held?.id}/retry`);
    await eventually(
      () => stranger.sessions().length,
      (open) => open === 0,
    );
    expect(ordersFor(other)).toBe(0);
  });

  it('SEC-7: an order that another secret signed moves no router', async () => {
    const nas = await live.addRouter('other-secret', '127.0.0.47');
    const who = await isp.addSubscriber('Zaki');
    const session = await online(nas, who);
    nas.behaviour({ wrongSecret: true });
    isp.billOverdue(who);
    await eventually(
      () => nas.received().length,
      (heard) => heard >= 2,
    );
    expect(nas.received()[0]).toMatchObject({ answer: 'silence', messageAuthenticator: 'invalid' });
    expect(nas.sessions()).toMatchObject([{ id: session.id }]);
    nas.behaviour({ wrongSecret: false });
    await eventually(
      () => nas.sessions().length,
      (open) => open === 0,
    );
  });
});
