import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import type { Intent, IntentKind } from '#domain/intents.ts';
import { createStock } from '#main/stock.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { createOutwards } from '#test/setup/outwards.ts';
import { type Busy, dispatchLane, type Lane, lanes } from './dispatch.ts';
import type { Dispatching } from './dispatching.ts';

let room: BridgeRoom;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());

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
