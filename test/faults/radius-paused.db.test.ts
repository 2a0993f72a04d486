import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { groupName } from '#domain/groups.ts';
import { freePort } from '#sandbox/services/free-port.ts';
import { type Mariadb, startMariadb } from '#sandbox/services/mariadb.ts';
import { quantile } from '#test/bench/figures.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import type { TestLine } from '#test/pipeline/test-hub.ts';
import { lostOf, startTraffic } from './acknowledged.ts';
import type { ApiPlace } from './programs/api.ts';
import { openVictims, type Victims } from './victims.ts';
import { openStage, type Stage } from './work-stage.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE);
/** 1,000 at full length. */
const pending = Math.max(50, Math.round(1_000 * scale));
/** A minute at full length; longer than the hub waits for an answer of the database. */
const outageMs = Math.max(6_000, 60_000 * scale);
const secret = 'rahasia-webhook-17';

let folder: string;
let mariadb: Mariadb;
let stage: Stage;
let doors: Victims<ApiPlace>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jbm-'));
  await chmod(folder, 0o755);
  mariadb = await startMariadb({ dir: join(folder, 'my') });
  stage = await openStage(inject('postgresUrl'), mariadb.url, 20_000);
  doors = await openVictims(new URL('./programs/api.ts', import.meta.url));
}, 120_000);
afterAll(async () => {
  await doors?.close();
  await stage?.close();
  await mariadb?.stop();
  await rm(folder, { recursive: true, force: true });
});

it(`REL-9: ${pending} decisions made while MariaDB was paused reach it when it goes on, and deliveries never waited; written within the request none is answered`, async () => {
  const { hub, tenantId } = stage;
  const port = await freePort();
  const door = await doors.next({ databaseUrl: hub.url, port, tenantId, secret, acknowledgesFirst: false });
  await door.go();
  const worker = await stage.worker();
  await worker.go();
  await stage.comesRight();

  mariadb.kill('SIGSTOP');
  const begun = performance.now();
  const traffic = startTraffic(`http://127.0.0.1:${port}/webhooks/erpnext/x`, secret, 4, 40);
  // The wrong variant: whoever writes to RADIUS within the request can acknowledge once that has answered.
  let writtenWithin = 0;
  const within = ['langsung0', 'langsung1'].map(async (username) => {
    const group = groupName(tenantId, { plan: 'home' });
    const user = { username, generation: 1n, group, password: 'rahasia1', mac: null, reply: [] };
    if ((await stage.radius.enforcer.applyUsers([user])).ok) writtenWithin += 1;
  });
  const fresh: TestLine[] = [];
  for (let i = 0; i < pending - stage.lines.length; i++) fresh.push(await hub.addLine(tenantId, `baru${i}`));
  // Those that were there before are isolated meanwhile.
  for (const line of stage.lines) await stage.turn(line);
  await eventually(
    () =>
      hub.look<{ count: number }>(
        `select count(*)::int from access where generation > coalesce(applied_generation, 0)`,
      ),
    ([row]) => row?.count === pending,
    120_000,
  );
  await sleep(Math.max(0, outageMs - (performance.now() - begun)));
  const during = [...traffic.tries];
  process.stdout.write(`REL-9, control: ${writtenWithin} of ${within.length} written within the request meanwhile\n`);
  expect(writtenWithin).toBe(0);
  mariadb.kill('SIGCONT');

  const back = performance.now();
  await eventually(
    () => hub.look(`select 1 from access where generation > coalesce(applied_generation, 0) limit 1`),
    (waiting) => waiting.length === 0,
    120_000,
  );
  const ms = performance.now() - back;
  await traffic.stop();
  await Promise.all(within);
  await stage.comesRight();
  const held = await stage.groupsHeld();
  const p99 = quantile(
    during.map((one) => one.ms),
    0.99,
  );
  process.stdout.write(
    `REL-9: MariaDB paused for ${(outageMs / 1_000).toFixed(0)} s; ${pending} pending written ${ms.toFixed(0)} ms after it went on; ` +
      `${during.length} deliveries meanwhile, p99 ${p99.toFixed(0)} ms\n`,
  );
  expect(fresh.filter(({ username }) => held.get(username) !== 'home')).toEqual([]);
  expect(during.filter(({ status }) => status !== 202 && status !== 200)).toEqual([]);
  expect(during.length).toBeGreaterThan(0);
  expect(await lostOf(traffic, hub)).toEqual([]);
  expect(await hub.look(`select 1 from outbox where state = 'dead'`)).toEqual([]);
}, 600_000);
