import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { periodAt } from '#domain/limits.ts';
import type { LineUsage } from '#features/usage/schema.ts';
import { flavors } from '#test/radius/radius-database.ts';
import { eventually } from './eventually.ts';
import { type Isp, openIsp, type Subscriber, zone } from './isp.ts';
import { type JobRunner, openJobs } from './run-job.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

const serverOf = { mysql: inject('mariadbUrl'), postgres: inject('postgresUrl') };
const gb = 1_000_000_000;

describe.each(flavors)('quota and validity, with RADIUS on %s', (flavor) => {
  let hub: RunningHub;
  let isp: Isp;
  let jobs: JobRunner;
  let ahead = 0;
  const clock = (): number => Date.now() + ahead;
  const plans: Record<string, string> = {};

  beforeAll(async () => {
    hub = await startRunningHub({
      postgresUrl: inject('postgresUrl'),
      flavor,
      radiusServerUrl: serverOf[flavor],
      clock,
    });
    isp = await openIsp(hub, clock);
    jobs = openJobs(hub);
    const speed = { speed_download: 20, speed_upload: 10, price: 100_000 };
    const add = async (name: string, more: object = {}) =>
      (await isp.admin.post<{ id: string }>('service-plans', { name, ...speed, ...more })).id;
    plans.slow = await add('Lambat', { speed_download: 1, speed_upload: 1 });
    plans.throttled = await add('Kuota', { quota_gb: 2, quota_action: 'throttle', throttle_plan_id: plans.slow });
    plans.isolated = await add('Habis', { quota_gb: 2, quota_action: 'isolate' });
  });
  afterAll(async () => {
    await jobs.close();
    await isp.stop();
    await hub.close();
  });

  const subscriber = (name: string, plan: string): Promise<Subscriber> =>
    isp.addSubscriber(name, { service_plan_id: plans[plan] });
  const minutesAgo = (minutes: number) =>
    flavor === 'mysql'
      ? sql`now() - interval ${sql.lit(minutes)} minute`
      : sql`now() - ${sql.lit(minutes)} * interval '1 minute'`;
  const open = (who: Subscriber, id: string, input: number, output: number) =>
    sql`insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
        acctsessiontime, acctinputoctets, acctoutputoctets, callingstationid, calledstationid, acctterminatecause,
        framedipaddress)
      values (${id}, ${`${who.username}-${id}`}, ${who.username.toLowerCase()}, '10.9.0.1', ${minutesAgo(60)},
        ${minutesAgo(5)}, 3300, ${input}, ${output}, '', '', '', '10.66.0.9')`.execute(hub.radius.db);
  const tell = (who: Subscriber, id: string, input: number, output: number) =>
    sql`update radacct set acctupdatetime = ${minutesAgo(0)}, acctinputoctets = ${input}, acctoutputoctets = ${output},
      acctsessiontime = 3600 where acctuniqueid = ${`${who.username}-${id}`}`.execute(hub.radius.db);
  const read = () => jobs.run('usage.read', isp.tenantId, clock());
  const usage = (who: Subscriber) => isp.admin.get<LineUsage>(`subscriptions/${who.id}/usage`);
  const groupOf = async (who: Subscriber) =>
    (await hub.radius.rows(sql`select groupname from radusergroup where username = ${who.username.toLowerCase()}`))[0]
      ?.groupname;
  const reasonIs = (who: Subscriber, code: string) =>
    eventually(
      () => isp.line(who),
      (line) => line.reason_code === code && line.applied_generation === line.generation,
    );

  it('R6, R9: traffic is counted once, both ways together, and who passes the quota is throttled until the month ends', async () => {
    const who = await subscriber('Ani', 'throttled');
    const own = await groupOf(who);
    await open(who, 's1', 0.5 * gb, 1 * gb);
    await read();
    await read();
    expect(await usage(who)).toMatchObject({
      quota: { used_octets: 1.5 * gb, quota_octets: 2 * gb, action: 'throttle' },
    });
    expect((await isp.line(who)).reason_code).toBe('nothing_due');

    await tell(who, 's1', 0.5 * gb, 1.6 * gb);
    await open(who, 's2', 7, 7);
    await read();
    expect(await reasonIs(who, 'quota_throttled')).toMatchObject({ state: 'active' });
    expect([await groupOf(who), own].map((group) => group?.split(':')[1])).toEqual(['lambat', 'kuota']);
    const told = await usage(who);
    expect(told.quota?.used_octets).toBe(2.1 * gb + 14);
    expect(told.upload_octets + told.download_octets).toBeLessThanOrEqual(2.1 * gb + 14);

    ahead = periodAt(Date.now(), zone).endsAt - Date.now() + 60_000;
    expect(await reasonIs(who, 'nothing_due')).toMatchObject({ state: 'active' });
    expect(await groupOf(who)).toBe(own);
    expect((await usage(who)).quota).toMatchObject({ used_octets: 0 });
    ahead = 0;
  });

  it('R6: where the plan says so the line is isolated; a larger quota frees it at once', async () => {
    const who = await subscriber('Budi', 'isolated');
    await open(who, 's1', 2 * gb, 0);
    await read();
    expect(await reasonIs(who, 'quota_used_up')).toMatchObject({ state: 'isolated' });
    expect((await groupOf(who))?.split(':')[1]).toBe('isolir');
    await isp.admin.call('PATCH', `service-plans/${plans.isolated}`, { quota_gb: 5 });
    expect(await reasonIs(who, 'nothing_due')).toMatchObject({ state: 'active' });
  });

  it('R6, law 3: with accounting out of reach nobody is cut, and nothing is counted twice when it is back', async () => {
    const who = await subscriber('Citra', 'isolated');
    await open(who, 's1', gb, 0);
    await read();
    await sql`alter table radacct rename to radacct_away`.execute(hub.radius.db);
    await expect(read()).rejects.toThrow('accounting cannot be read');
    expect((await isp.line(who)).state).toBe('active');
    await sql`alter table radacct_away rename to radacct`.execute(hub.radius.db);
    await read();
    expect((await usage(who)).quota?.used_octets).toBe(gb);
  });

  it('B8, R6: a kill switch, the tenant’s or the installation’s, stops these cuts too, and no return', async () => {
    const switches = [
      (on: boolean) => isp.admin.put('kill-switch', { on, reason: 'uji' }),
      (on: boolean) => hub.platform.put('kill-switch/installation', { on, reason: 'uji' }),
    ];
    for (const [i, turn] of switches.entries()) {
      const [used, over] = [await subscriber(`Eka ${i}`, 'isolated'), await subscriber(`Fajar ${i}`, 'slow')];
      const groups = async () => [await groupOf(used), await groupOf(over)].map((group) => group?.split(':')[1]);
      const both = [used.id, over.id];
      const waiting = () =>
        hub.look(
          `select 1 from outbox where subscription_id = any($1) and kind = 'access.apply' and state = 'ready'
           and error like 'the kill switch is on%'`,
          [both],
        );
      await turn(true);
      await open(used, 's1', 6 * gb, 0);
      await read();
      const validity = (ms: number) => ({ valid_until: new Date(clock() + ms).toISOString(), reason: 'voucher' });
      await isp.admin.put(`subscriptions/${over.id}/validity`, validity(3_600_000));
      const at = new Date(clock() + 7_200_000).toISOString();
      type Planned = { readonly cuts: readonly { readonly subscription_id: string }[]; readonly stopped: number };
      const planned = await isp.admin.post<Planned>('dry-runs', { at });
      expect(planned.stopped).toBeGreaterThanOrEqual(1);
      expect(planned.cuts.filter(({ subscription_id: id }) => both.includes(id))).toEqual([]);
      await isp.admin.put(`subscriptions/${over.id}/validity`, validity(-60_000));
      await eventually(waiting, (rows) => rows.length === 2);
      expect(await groups()).toEqual(['habis', 'lambat']);
      // Nobody is told to go either.
      expect(
        await hub.look(
          `select 1 from outbox where subscription_id = any($1) and kind = 'sessions.drop' and
        generation in (select generation from access where state = 'isolated')`,
          [both],
        ),
      ).toEqual([]);
      await turn(false);
      await eventually(groups, (now) => now.join() === 'isolir,isolir');
      await turn(true);
      await isp.admin.put(`subscriptions/${over.id}/validity`, validity(3_600_000));
      await isp.admin.call('PATCH', `service-plans/${plans.isolated}`, { quota_gb: 50 });
      await eventually(groups, (now) => now.join() === 'habis,lambat');
      await isp.admin.call('PATCH', `service-plans/${plans.isolated}`, { quota_gb: 5 });
      await isp.admin.put(`subscriptions/${over.id}/validity`, { valid_until: null, reason: 'by invoice again' });
      await turn(false);
    }
  });

  it('R4, R6: validity that runs out isolates the line at its minute, and a longer one brings it back', async () => {
    const who = await subscriber('Dewi', 'slow');
    const until = (ms: number) => new Date(clock() + ms).toISOString();
    await isp.admin.put(`subscriptions/${who.id}/validity`, { valid_until: until(3_600_000), reason: 'voucher' });
    expect((await isp.line(who)).state).toBe('active');
    ahead = 3_700_000;
    expect(await reasonIs(who, 'validity_over')).toMatchObject({ state: 'isolated' });
    await isp.admin.put(`subscriptions/${who.id}/validity`, { valid_until: until(3_600_000), reason: 'voucher' });
    expect(await reasonIs(who, 'nothing_due')).toMatchObject({ state: 'active' });
    await isp.admin.put(`subscriptions/${who.id}/validity`, { valid_until: null, reason: 'by invoice again' });
    ahead = 0;
    expect((await isp.line(who)).state).toBe('active');
  });
});
