import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ok } from '#domain/result.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { openWarehouse, type Warehouse } from '#test/inventree/stand-in.ts';
import { createGoodsInTurn, type GoodsInTurn } from './goods-in-turn.ts';

let room: BridgeRoom;
let warehouse: Warehouse;
let tenantId: string;
beforeAll(async () => {
  // The version that takes one serial twice from two at once.
  [room, warehouse] = await Promise.all([createBridgeRoom(inject('postgresUrl')), openWarehouse(421)]);
  tenantId = await room.addTenant();
});
afterAll(async () => {
  await warehouse.close();
  await room.close();
});

const patient = { waitMs: 30_000, pauseMs: 5 };
const inNoTurn: GoodsInTurn = (_tenantId, work) => work();

type Process = { readonly turn: GoodsInTurn; readonly hub: AssetTracker };

/** Two lists with one serial in both, each sent to a process of its own; how often InvenTree has it then, and who was told yes. */
async function race(turnOf: () => GoodsInTurn, serial: string): Promise<readonly [number, readonly boolean[]]> {
  const processes: readonly Process[] = [0, 1].map(() => ({ turn: turnOf(), hub: warehouse.hub() }));
  const answers = await Promise.all(
    processes.map(({ turn, hub }, no) =>
      turn(tenantId, () =>
        hub.receive({
          ...{
            operationId: randomUUID(),
            part: String(warehouse.parts[0]),
            place: String(warehouse.shelf),
            by: 'gudang',
          },
          serials: [serial, `${serial}-${no}`],
        }),
      ),
    ),
  );
  const made = warehouse.server.items().filter((item) => item.serial === serial);
  return [made.length, answers.map((answer) => answer.ok)];
}

it('A2: two processes take one serial in at once: it is there once, and one is told; control: without a turn it is there twice', async () => {
  warehouse.server.meet(2);
  expect(await race(() => inNoTurn, 'KEMBAR')).toEqual([2, [false, false]]);
  for (let no = 0; no < 5; no += 1) {
    const [made, told] = await race(() => createGoodsInTurn(room.db, patient), `SATU${no}`);
    expect([made, [...told].sort()]).toEqual([1, [false, true]]);
  }
});

it('after a lost answer the same process goes on at once, another one only when it is over, as after a process that was killed', async () => {
  const hasty = { waitMs: 0, pauseMs: 1 };
  const [mine, other] = [createGoodsInTurn(room.db, hasty), createGoodsInTurn(room.db, hasty)];
  const done = async () => ok('done');
  const later = (column: 'busy_until' | 'quiet_until') =>
    room.look(`update goods_in_turns set ${column} = now() where tenant_id = $1`, [tenantId]);
  await expect(mine(tenantId, () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
  await expect(other(tenantId, done)).rejects.toThrow('in a minute');
  expect(await mine(tenantId, done)).toEqual(ok('done'));
  await expect(other(tenantId, done)).rejects.toThrow('in a minute');
  await later('quiet_until');
  expect(await other(tenantId, done)).toEqual(ok('done'));
  const never = mine(tenantId, () => new Promise<never>(() => undefined));
  void never;
  await expect.poll(() => room.look('select 1 from goods_in_turns where busy_until > now()')).toHaveLength(1);
  await expect(other(tenantId, done)).rejects.toThrow('in a minute');
  await later('busy_until');
  expect(await other(tenantId, done)).toEqual(ok('done'));
});
