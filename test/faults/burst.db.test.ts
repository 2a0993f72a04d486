import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '#sandbox/services/free-port.ts';
import { quantile } from '#test/bench/figures.ts';
import { openConnection } from '#test/bench/intake/connection.ts';
import { deliveries } from '#test/bench/intake/deliveries.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import type { ApiFigures, ApiPlace } from './programs/api.ts';
import { openVictims, type Victims } from './victims.ts';
import { openStage, type Stage } from './work-stage.ts';

/** 10,000 at full length. */
const burst = Math.max(1_000, Math.round(10_000 * Number(process.env.JEMBATAN_FAULT_SCALE)));
const warmUp = 200;
const connections = 200;
const secret = 'rahasia-webhook-17';
const mostMemoryMb = 512;
/** Of the ledger's mirror, for each delivery: a plan that reads all of a doctype for each takes hundreds here, thousands at full length. */
const mostRowsRead = 20;
/** The wrong variant loses something at almost every kill; it gets a few. */
const livesOfControl = 20;
/** Its deliveries: more come in than are stored, so some are still in its memory when the last is acknowledged. */
const keptInMemory = 600;

let stage: Stage;
let doors: Victims<ApiPlace>;
beforeAll(async () => {
  stage = await openStage(inject('postgresUrl'), inject('mariadbUrl'), 20_000, 1);
  doors = await openVictims(new URL('./programs/api.ts', import.meta.url));
});
afterAll(async () => {
  await doors?.close();
  await stage?.close();
});

/** How many deliveries of a series are in the inbox. */
const storedOf = async (series: string): Promise<number> =>
  (await stage.hub.look<{ count: number }>('select count(*)::int from inbox where name like $1', [`%-${series}-%`]))[0]
    ?.count ?? 0;

/** Sends all of them, so many at a time. */
async function deliver(port: number, waiting: Buffer[], lanes: number) {
  const statuses = new Map<number, number>();
  const latenciesMs: number[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      const connection = await openConnection(port);
      for (let request = waiting.pop(); request; request = waiting.pop()) {
        const sent = performance.now();
        const status = await connection.exchange(request);
        latenciesMs.push(performance.now() - sent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      connection.close();
    }),
  );
  return { statuses, latenciesMs };
}

it(`REL-23: a burst of ${burst} deliveries is taken whole, worked off, and does not fill the memory`, async () => {
  const { hub, tenantId } = stage;
  const port = await freePort();
  const door = await doors.next({ databaseUrl: hub.url, port, tenantId, secret, acknowledgesFirst: false });
  await door.go();
  const worker = await stage.worker();
  await worker.go();
  // A hub that has run for a while: its first deliveries wait for code and connections that are there from then on.
  await deliver(port, [...deliveries('/webhooks/erpnext/x', secret, 'before', warmUp)], 20);
  const waiting = [...deliveries('/webhooks/erpnext/x', secret, 'burst', burst)];
  const begun = performance.now();
  const { statuses, latenciesMs } = await deliver(port, waiting, connections);
  const takenMs = performance.now() - begun;
  expect(statuses).toEqual(new Map([[202, burst]]));
  const [stored] = await hub.look<{ count: number }>('select count(*)::int from inbox');
  expect(stored?.count).toBe(warmUp + burst);
  await eventually(
    () =>
      hub.look(
        `select 'delivery' as what from inbox where state = 'new' union all select 'document' from dirty_documents limit 1`,
      ),
    (left) => left.length === 0,
    180_000,
  );
  const drainedMs = performance.now() - begun;
  const answer = once(door.child, 'message');
  door.child.send('figures');
  const [figures] = (await answer) as [ApiFigures];
  process.stdout.write(
    `REL-23: ${burst} deliveries over ${connections} connections taken in ${takenMs.toFixed(0)} ms, ` +
      `p99 ${quantile(latenciesMs, 0.99).toFixed(0)} ms, worked off after ${drainedMs.toFixed(0)} ms, ` +
      `${figures.mostMemoryMb.toFixed(0)} MB, loop delay p99 ${figures.loopDelayP99Ms.toFixed(0)} ms\n`,
  );
  expect(figures.mostMemoryMb).toBeLessThan(mostMemoryMb);
  const [mirror] = await hub.look<{ read: number }>(
    `select sum(idx_tup_read)::float as read from pg_stat_user_indexes where relname = 'ledger_documents'`,
  );
  expect((mirror?.read ?? 0) / (warmUp + burst)).toBeLessThan(mostRowsRead);
}, 300_000);

it('REL-23, control: a door that keeps a burst in memory and acknowledges it loses what a kill finds there', async () => {
  const { hub, tenantId } = stage;
  let lost = 0;
  let lives = 0;
  for (; lost === 0 && lives < livesOfControl; lives++) {
    const port = await freePort();
    const door = await doors.next({ databaseUrl: hub.url, port, tenantId, secret, acknowledgesFirst: true });
    await door.go();
    const waiting = [...deliveries('/webhooks/erpnext/x', secret, `memory${lives}`, keptInMemory)];
    const { statuses } = await deliver(port, waiting, connections);
    await door.kill();
    // What was on its way into a commit then arrives.
    await sleep(200);
    expect(statuses).toEqual(new Map([[202, keptInMemory]]));
    lost = keptInMemory - (await storedOf(`memory${lives}`));
  }
  process.stdout.write(`REL-23, control: ${lost} of ${keptInMemory} acknowledged lost at kill ${lives}\n`);
  expect(lost).toBeGreaterThan(0);
}, 120_000);
