import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { periodAt } from '#domain/limits.ts';
import type { Nas, Session } from '#sandbox/nas/nas.ts';
import { eventually } from './eventually.ts';
import { type Isp, planRate, type Subscriber, zone } from './isp.ts';
import { type LiveIsp, openLiveIsp } from './live-isp.ts';
import { comesOnline, dialOf, online } from './radius-stage.ts';
import { type JobRunner, openJobs } from './run-job.ts';

let live: LiveIsp;
let isp: Isp;
let nas: Nas;
let jobs: JobRunner;
let ahead = 0;
const clock = (): number => Date.now() + ahead;

beforeAll(async () => {
  live = await openLiveIsp(clock);
  ({ isp } = live);
  nas = await live.addRouter('CKP', '127.0.0.61');
  jobs = openJobs(live.hub);
});
afterAll(async () => {
  await jobs.close();
  await live.close();
});

/** As if the session's last word had come so long ago; `interval` of its updates, in seconds. */
const silentFor = ({ id }: Session, minutes: number, interval: number | null = 300) =>
  sql`update radacct set acctstarttime = acctstarttime - interval ${sql.lit(minutes + 30)} minute,
      acctupdatetime = acctupdatetime - interval ${sql.lit(minutes)} minute, acctinterval = ${interval}
    where acctsessionid = ${id}`.execute(live.hub.radius.db);

async function causeOf({ id }: Session): Promise<string | null | undefined> {
  const [row] = await live.hub.radius.rows(
    sql`select coalesce(acctterminatecause, '') as cause from radacct where acctsessionid = ${id} and acctstoptime is not null`,
  );
  return row?.cause;
}

/** Its session is lost without a Stop, as when the power went. */
async function lose(session: Session): Promise<void> {
  nas.behaviour({ noStop: true });
  await nas.logout(session);
  nas.behaviour({ noStop: false });
}

const look = () => jobs.run('sessions.stale', isp.tenantId, clock());

describe('accounting that FreeRADIUS wrote', () => {
  it('R8: a payer whom a stale row locks out is let in again, and no living session is touched', async () => {
    const [locked, quiet, unknown] = [
      await isp.addSubscriber('Ani'),
      await isp.addSubscriber('Budi'),
      await isp.addSubscriber('Citra'),
    ];
    const lost = await online(nas, locked, { mac: '4C:5E:0C:AA:BB:11' });
    const living = await online(nas, quiet, { mac: '4C:5E:0C:AA:BB:12' });
    const silent = await online(nas, unknown, { mac: '4C:5E:0C:AA:BB:13' });
    await nas.interim(lost, { inputOctets: 4_294_967_297n, outputOctets: 9n });
    await lose(lost);
    await silentFor(lost, 25);
    await silentFor(living, 14);
    await silentFor(silent, 600, null);
    await look();
    expect(await causeOf(lost)).toBeUndefined();

    expect(await nas.login(dialOf(locked))).toMatchObject({ accepted: false });
    await look();
    await eventually(
      () => causeOf(lost),
      (cause) => cause === 'Hub-Stale',
    );
    expect(await nas.login(dialOf(locked))).toMatchObject({ accepted: true, session: { rateLimit: planRate } });
    expect([await causeOf(living), await causeOf(silent)]).toEqual([undefined, undefined]);
    const closed = sql`select acctinputoctets as input, acctstoptime = acctupdatetime as last_seen from radacct
      where acctsessionid = ${lost.id}`;
    expect(await live.hub.radius.rows(closed)).toEqual([{ input: '4294967297', last_seen: '1' }]);
    const { timeline } = await isp.explain(locked);
    expect(timeline.find(({ kind }) => kind === 'session_closed')?.text).toContain('its user dials again');
  });

  it('R6: who passes the quota is kicked and logs in throttled, and has the plan again when the month begins', async () => {
    const speed = { speed_upload: 1, speed_download: 2, price: 50_000 };
    const slow = (await isp.admin.post<{ id: string }>('service-plans', { name: 'Lambat', ...speed })).id;
    const { id } = await isp.admin.post<{ id: string }>('service-plans', {
      ...speed,
      name: 'Kuota',
      speed_download: 30,
      speed_upload: 20,
      quota_gb: 6,
      quota_action: 'throttle',
      throttle_plan_id: slow,
    });
    const who: Subscriber = await isp.addSubscriber('Dewi', { service_plan_id: id });
    nas.behaviour({ autoRelogin: true });
    const first = await online(nas, who, { mac: '4C:5E:0C:AA:BB:14' });
    expect(first.rateLimit).toBe('20M/30M');
    await nas.interim(first, { inputOctets: 4_294_967_296n, outputOctets: 5_000_000_000n });
    await jobs.run('usage.read', isp.tenantId, clock());
    const throttled = await comesOnline(nas, who, ({ rateLimit }) => rateLimit === '1M/2M');
    expect(throttled.id).not.toBe(first.id);
    expect(await isp.line(who)).toMatchObject({ state: 'active', reason_code: 'quota_throttled' });

    ahead = periodAt(Date.now(), zone).endsAt - Date.now() + 60_000;
    const back = await comesOnline(nas, who, ({ rateLimit }) => rateLimit === '20M/30M');
    expect(back.id).not.toBe(first.id);
    expect(await isp.line(who)).toMatchObject({ reason_code: 'nothing_due' });
  });
});
