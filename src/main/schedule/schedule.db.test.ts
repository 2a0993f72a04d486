import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createLog } from '#platform/log.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { claimDue } from './claim.ts';
import { enrol } from './enrol.ts';
import type { Job } from './job.ts';
import { tellSchedules } from './metrics.ts';
import { runDue } from './run.ts';

let room: BridgeRoom;
let now: number;
let ran: { readonly tenantId: string | null; readonly due: string }[] = [];
let breaks = false;

const at = (text: string): number => Date.parse(text);

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  await room.look('delete from schedules');
  await room.look('update tenants set is_active = false');
  now = at('2026-11-20T12:00:00Z');
  ran = [];
  breaks = false;
});

const note = (tenantId: string | null, due: Date): Promise<void> => {
  if (breaks) return Promise.reject(new Error('the job failed, as told'));
  ran.push({ tenantId, due: due.toISOString() });
  return Promise.resolve();
};
const hourly: Job = { name: 'hourly', cron: '0 * * * *', zone: 'platform', run: ({ due }) => note(null, due) };
const nightly: Job = {
  name: 'nightly',
  cron: '1 0 * * *',
  zone: 'tenant',
  run: ({ tenantId, due }) => note(tenantId, due),
};
const scheduling = (jobs: readonly Job[]) => ({
  db: room.db,
  clock: () => now,
  log: createLog('silent'),
  jobs,
  leaseMs: 60_000,
});
const turn = (...jobs: Job[]) => runDue(scheduling(jobs));
const row = async (name: string) =>
  (await room.look<Record<string, unknown>>('select * from schedules where name = $1', [name]))[0];
const setZone = (tenantId: string, zone: string) =>
  room.look(`update tenants set settings = jsonb_build_object('time_zone', $2::text) where id = $1`, [tenantId, zone]);

describe('the scheduler', () => {
  it('O8: runs a job when it is due, once, and not before', async () => {
    await enrol(room.db, [hourly], now);
    expect(await turn(hourly)).toBe(0);
    now = at('2026-11-20T13:00:00Z');
    expect(await turn(hourly)).toBe(1);
    expect(await turn(hourly)).toBe(0);
    expect(ran).toEqual([{ tenantId: null, due: '2026-11-20T13:00:00.000Z' }]);
  });

  it('O8: what was missed while everything was down is caught up with once, for its latest due time', async () => {
    await enrol(room.db, [hourly], now);
    now = at('2026-11-23T07:30:00Z');
    await enrol(room.db, [hourly], now);
    expect(await turn(hourly)).toBe(1);
    expect(await turn(hourly)).toBe(0);
    expect(ran).toEqual([{ tenantId: null, due: '2026-11-23T07:00:00.000Z' }]);
    expect((await row('hourly'))?.next_due_at).toEqual(new Date('2026-11-23T08:00:00Z'));
  });

  it('O8: of two processes that find it due one runs it', async () => {
    await enrol(room.db, [hourly], now);
    for (let hour = 1; hour <= 20; hour++) {
      now = at('2026-11-20T12:00:00Z') + hour * 3_600_000;
      await Promise.all([turn(hourly), turn(hourly), turn(hourly)]);
    }
    expect(ran).toHaveLength(20);
  });

  it('O8: each tenant by its own clocks, and by new ones from the moment its zone changes', async () => {
    const [west, east] = [await room.addTenant(), await room.addTenant()];
    await setZone(west, 'Asia/Jakarta');
    await setZone(east, 'Asia/Jayapura');
    await enrol(room.db, [nightly], now);
    now = at('2026-11-20T15:01:00Z');
    await turn(nightly);
    expect(ran).toEqual([{ tenantId: east, due: '2026-11-20T15:01:00.000Z' }]);
    await setZone(west, 'Asia/Makassar');
    await enrol(room.db, [nightly], now);
    now = at('2026-11-20T16:01:00Z');
    await turn(nightly);
    expect(ran[1]).toEqual({ tenantId: west, due: '2026-11-20T16:01:00.000Z' });
  });

  it('T2: a deactivated tenant has no job; active again, it is caught up with once', async () => {
    const tenant = await room.addTenant();
    await enrol(room.db, [nightly], now);
    await room.look('update tenants set is_active = false where id = $1', [tenant]);
    now += 5 * 86_400_000;
    expect(await turn(nightly)).toBe(0);
    await room.look('update tenants set is_active = true where id = $1', [tenant]);
    expect(await turn(nightly)).toBe(1);
    expect(ran).toHaveLength(1);
  });

  it('O8: a job that failed is shown with its error, is tried again after a pause, and then is due as ever', async () => {
    await enrol(room.db, [hourly], now);
    now = at('2026-11-20T13:00:00Z');
    breaks = true;
    expect(await turn(hourly)).toBe(1);
    expect(await turn(hourly)).toBe(0);
    expect(await row('hourly')).toMatchObject({
      last_error: 'the job failed, as told',
      attempts: 1,
      last_due_at: null,
    });
    breaks = false;
    now += 2_000;
    expect(await turn(hourly)).toBe(1);
    expect(ran).toEqual([{ tenantId: null, due: '2026-11-20T13:00:00.000Z' }]);
    expect(await row('hourly')).toMatchObject({
      last_error: null,
      attempts: 0,
      next_due_at: new Date('2026-11-20T14:00:00Z'),
    });
  });

  it('O8: a job whose process died in it runs again when its lease has ended, and the dead one’s word counts no more', async () => {
    await enrol(room.db, [hourly], now);
    now = at('2026-11-20T13:00:00Z');
    let wake: () => void = () => undefined;
    const stopped = new Promise<void>((done) => {
      wake = done;
    });
    const slow: Job = { ...hourly, run: () => stopped };
    const zombie = turn(slow);
    while (!(await row('hourly'))?.locked_until);
    expect(await turn(hourly)).toBe(0);
    await room.look(`update schedules set locked_until = now() - interval '1 second'`);
    expect(await turn(hourly)).toBe(1);
    expect(ran).toHaveLength(1);
    const settled = await row('hourly');
    now += 60_000;
    wake();
    await zombie;
    expect(await row('hourly')).toEqual(settled);
  });

  it('O8: a job that was never run is due at once where it says so, and one that is no more is forgotten after a week', async () => {
    const first: Job = { ...hourly, name: 'first', atFirstStart: true };
    await enrol(room.db, [hourly, first], now);
    expect(await turn(hourly, first)).toBe(1);
    await enrol(room.db, [hourly], now);
    expect(await row('first')).toBeDefined();
    await enrol(room.db, [hourly], now + 8 * 86_400_000);
    expect(await row('first')).toBeUndefined();
    expect(await claimDue(room.db, ['hourly'], now, 1_000)).toEqual([]);
  });

  it('O5: how many jobs fail and how late one is stands in the metrics, without a tenant’s name', async () => {
    const tenant = await room.addTenant();
    await enrol(room.db, [hourly, nightly], now);
    now = at('2026-11-20T13:00:00Z');
    breaks = true;
    await turn(hourly);
    await room.look(`update schedules set next_due_at = now() - interval '90 seconds' where name = 'hourly'`);
    await room.look(`update schedules set next_due_at = now() + interval '1 day' where name = 'nightly'`);
    const registry = new Registry();
    tellSchedules(registry, room.db);
    const told = await registry.metrics();
    expect(told).toContain('jembatan_schedule_failing{job="hourly"} 1');
    expect(told).toContain('jembatan_schedule_failing{job="nightly"} 0');
    expect(told).toMatch(/jembatan_schedule_late_seconds\{job="hourly"\} (9\d|1\d\d)\b/);
    expect(told).toContain('jembatan_schedule_late_seconds{job="nightly"} 0');
    expect(told).not.toContain(tenant);
  });
});
