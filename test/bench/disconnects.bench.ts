/**
 * Disconnects to 200 stand-in NASes of which 5 are deaf: how long it takes until the sessions of the 195 others are gone,
 * beside the floor, the same sessions at the same routers without orders to the five. Real packets, a real outbox on a
 * durable PostgreSQL, the worker's own loop; accounting is in memory, so that orders are what is measured.
 */
import { join } from 'node:path';
import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { type Busy, dispatchLane, lanes } from '#outbox/dispatch.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { startLoop } from '#platform/loop.ts';
import { createFakeEnforcer, type FakeEnforcer } from '#ports/enforcer/fake.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { closeSocket, openSocket } from '#test/faults/routers/lossy-wire.ts';
import { openRouter } from '#test/faults/routers/stage.ts';
import { createTestHub, type TestHub } from '#test/pipeline/test-hub.ts';
import { fillTenant, openSessions, orderDrops, placeRouters } from './disconnects/orders.ts';
import { median, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const routers = 200;
const deaf = 5;
const linesEach = 10;
const rounds = 3;
const hearing = (routers - deaf) * linesEach;

const lane = lanes.find(({ name }) => name === 'sessions');

let coa = createCoaClient();
const enforcer: FakeEnforcer = createFakeEnforcer();

/** One run: seconds until the last session at a router that hears is gone. The first `deaf` routers answer nothing. */
async function runOnce(hub: TestHub, tenantId: string, isBesideDeaf: boolean): Promise<number> {
  if (!lane) throw new Error('no lane carries sessions');
  coa = createCoaClient();
  const sessions = openSessions(enforcer, tenantId, [isBesideDeaf ? 0 : deaf, routers], linesEach);
  let gone = 0;
  const silent = await Promise.all(Array.from({ length: deaf }, openSocket));
  const others = await Promise.all(
    Array.from({ length: routers - deaf }, () =>
      openRouter(
        enforcer,
        (id) => sessions.get(id),
        () => {
          gone += 1;
        },
      ),
    ),
  );
  await placeRouters(hub, tenantId, [...silent.map((one) => one.address().port), ...others.map(({ port }) => port)]);
  await orderDrops(hub, tenantId, sessions.values());

  const dispatching = { ...hub.dispatching, pacing: createPacing(), handing: null, leaseMs: 20_000 };
  const busy: Busy = new Map();
  const start = performance.now();
  const loop = startLoop(
    'sessions',
    async () => (await dispatchLane(dispatching, lane, busy)) > 0,
    1_000,
    dispatching.log,
  );
  while (gone < hearing) await new Promise((resolve) => setTimeout(resolve, 2));
  const seconds = (performance.now() - start) / 1_000;

  // Whoever still waits for a deaf router gives up with the client.
  await Promise.all([loop.stop(), coa.close()]);
  await Promise.all(busy.keys());
  await Promise.all([...silent.map(closeSocket), ...others.map((one) => one.close())]);
  for (const { uniqueId } of sessions.values()) enforcer.endSession(uniqueId);
  await hub.look(`delete from outbox where tenant_id = $1`, [tenantId]);
  return seconds;
}

await withThrowAway(async ({ folder, keep }) => {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const asking: FakeEnforcer = {
    ...enforcer,
    dropSession: async ({ username, sessionId, framedAddress }, target) => {
      const session = { username, sessionId, framedAddress, eventTimestamp: new Date() };
      return { ok: true, value: await coa.disconnect(session, target) };
    },
  };
  const hub = keep(await createTestHub(postgres.url, { enforcer: asking }), (it) => it.close());
  const tenantId = await fillTenant(hub, routers, linesEach);
  await runOnce(hub, tenantId, false);
  const [beside, alone]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    alone.push(await runOnce(hub, tenantId, false));
    beside.push(await runOnce(hub, tenantId, true));
  }
  const text = (seconds: readonly number[]): string => seconds.map((one) => one.toFixed(2)).join(', ');
  remark(
    `${hearing} sessions at ${routers - deaf} routers: beside ${deaf} deaf ${text(beside)} s, without ${text(alone)} s`,
  );
  printFigure({ name: 'disconnects', value: median(beside), unit: 's', floor: median(alone) });
});
