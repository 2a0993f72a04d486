import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import type { Intent, IntentKind } from '#domain/intents.ts';
import { createStock } from '#main/stock.ts';
import { createFakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { addRows } from '#test/model/tenant-rows.ts';
import { createOutwards } from '#test/setup/outwards.ts';
import { type Busy, dispatchLane, type Lane, lanes } from './dispatch.ts';
import type { Dispatching } from './dispatching.ts';

let room: BridgeRoom;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
// What a test leaves would be claimed by the next.
beforeEach(() => room.look('delete from outbox'));

/** A dispatcher at whose tracker whoever writes a label is not answered until `answer` is called. */
function atDeafTracker(): { readonly dispatching: Dispatching; readonly answer: () => void } {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const trackerOf = async (tenantId: string) => ({
    ...createBuiltinTracker(room.db, tenantId),
    label: async () => {
      await answered;
      return { ok: true, value: null } as const;
    },
  });
  const { dispatching } = createOutwards(room);
  return { dispatching: { ...dispatching, stock: createStock(room.db, Date.now, trackerOf) }, answer };
}

const slow = { timeout: 20_000 };

const laneOf = (kind: IntentKind): Lane => {
  const [lane, another] = lanes.filter(({ kinds }) => kinds.includes(kind));
  if (!lane || another) throw new Error(`${kind} is in no lane, or in two`);
  return lane;
};

const append = (tenantId: string, key: string, intent: Intent) =>
  room.look(
    `insert into outbox (tenant_id, kind, key, intent, generation, urgency, correlation_id)
     values ($1, $2, $3, $4, 0, 0, 'c-1')`,
    [tenantId, intent.kind, key, JSON.stringify(intent)],
  );

const stateOf = async (kind: IntentKind): Promise<readonly string[]> =>
  (await room.look<{ state: string }>('select state from outbox where kind = $1 order by id', [kind])).map(
    ({ state }) => state,
  );

/** A scan whose modem stands at its line, whose lock is in RADIUS, and which waits for the modem to come online. */
async function addWatchedScan(tenantId: string): Promise<string> {
  await addRows(room.look, tenantId);
  const [scan] = await room.look<{ id: string; subscription_id: string }>(
    `update scans s set state = 'running', subscription_id = a.subscription_id from access a
     where s.tenant_id = $1 and a.tenant_id = $1 returning s.id, s.subscription_id`,
    [tenantId],
  );
  if (!scan) throw new Error('there is no scan');
  const { id, subscription_id: lineId } = scan;
  await room.look(`update access set applied_generation = generation where tenant_id = $1`, [tenantId]);
  await room.look(
    `with u as (update assets a set state = 'installed', subscription_id = s.id, customer_id = s.customer_id
       from subscriptions s where a.tenant_id = $1 and s.tenant_id = $1 and s.id = $2 returning a.id)
     update scans set asset_id = (select id from u) where tenant_id = $1`,
    [tenantId, lineId],
  );
  await room.look(`update scan_steps set name = 'online', state = 'waiting' where tenant_id = $1`, [tenantId]);
  return id;
}

/** A dispatcher where the RADIUS of one tenant does not say who is online until `answer` is called. */
function atDeafRadius(deaf: string) {
  const { dispatching } = createOutwards(room);
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const fake = createFakeEnforcer();
  const asked: string[] = [];
  const enforcerOf = async (tenantId: string): Promise<Enforcer> => ({
    ...fake,
    openSessions: async (username) => {
      asked.push(tenantId);
      if (tenantId === deaf) await answered;
      return fake.openSessions(username);
    },
  });
  const busy = new Map<Lane, Busy>(lanes.map((lane) => [lane, new Map()]));
  return {
    run: (kind: IntentKind) => {
      const lane = laneOf(kind);
      return dispatchLane({ ...dispatching, enforcerOf }, lane, busy.get(lane) ?? new Map());
    },
    asksOf: (tenantId: string): number => asked.filter((one) => one === tenantId).length,
    answer,
    ended: () => Promise.all([...busy.values()].flatMap((mine) => [...mine.keys()])),
  };
}

const appendWatches = async (tenantId: string, count: number): Promise<void> => {
  const scanId = await addWatchedScan(tenantId);
  for (let no = 0; no < count; no++) await append(tenantId, `watch ${no}`, { kind: 'scan.watch', scanId });
};

it('A4: a RADIUS that does not answer holds up the watches of its own tenant, and no scan that is to be judged again', async () => {
  const [deaf, other] = [await room.addTenant(), await room.addTenant()];
  const { run, asksOf, answer, ended } = atDeafRadius(deaf);
  for (const tenantId of [deaf, other]) await appendWatches(tenantId, 30);
  await room.look(`update outbox set next_at = now() - interval '1 s' where tenant_id = $1`, [deaf]);
  await run('scan.watch');
  await expect.poll(() => asksOf(deaf), slow).toBe(20);
  const runOn = async (): Promise<number> => {
    await run('scan.watch');
    return asksOf(other);
  };
  await expect.poll(runOn, slow).toBe(30);
  expect(asksOf(deaf)).toBe(20);
  await append(other, 'resume', { kind: 'scan.resume', assetId: randomUUID() });
  await run('scan.resume');
  await expect.poll(() => stateOf('scan.resume'), slow).toEqual(['done']);
  answer();
  await ended();
  await run('scan.watch');
  await expect.poll(() => asksOf(deaf), slow).toBe(30);
  await ended();
});

it('REL-22: a watch that another has taken up is left to it, and what was seen with it is written', async () => {
  const tenantId = await room.addTenant();
  const { run, asksOf, answer, ended } = atDeafRadius(tenantId);
  await appendWatches(tenantId, 3);
  await run('scan.watch');
  await expect.poll(() => asksOf(tenantId), slow).toBe(3);
  await room.look(`update outbox set attempts = 2 where tenant_id = $1 and key = 'watch 1'`, [tenantId]);
  answer();
  await ended();
  const rows = await room.look(
    `select key, state, attempts from outbox where tenant_id = $1 and kind = 'scan.watch' order by key`,
    [tenantId],
  );
  expect(rows).toEqual([
    { key: 'watch 0', state: 'ready', attempts: 1 },
    { key: 'watch 1', state: 'running', attempts: 2 },
    { key: 'watch 2', state: 'ready', attempts: 1 },
  ]);
});

it('A4: a move does not wait behind labels for which the tracker takes its time', async () => {
  const tenantId = await room.addTenant();
  const assetId = randomUUID();
  await room.look(
    `insert into assets (tenant_id, id, tracker, tracker_ref, part, state) values ($1, $2, 'inventree', '1', 'ONT', 'in_stock')`,
    [tenantId, assetId],
  );
  for (let no = 0; no < 25; no++) await append(tenantId, `label ${no}`, { kind: 'asset.label', assetId });
  const { dispatching, answer } = atDeafTracker();
  const busy = new Map<Lane, Busy>(lanes.map((lane) => [lane, new Map()]));
  const run = (lane: Lane) => dispatchLane(dispatching, lane, busy.get(lane) ?? new Map());
  await run(laneOf('asset.label'));
  await append(tenantId, 'move', { kind: 'asset.move', operationId: randomUUID() });
  await run(laneOf('asset.move'));
  await Promise.all(busy.get(laneOf('asset.move'))?.keys() ?? []);
  // Of an operation that is not there nothing is moved: what counts is that its turn came.
  expect(await stateOf('asset.move')).toEqual(['superseded']);
  expect(await stateOf('asset.label')).toContain('running');
  answer();
  await Promise.all(busy.get(laneOf('asset.label'))?.keys() ?? []);
});
