import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createInventreeHints, signHint } from '#connectors/inventree/hints.ts';
import { createHintReceiver } from '#inbox/receive-hint.ts';
import { createLog } from '#platform/log.ts';
import { createFakeTracker, type FakeTracker } from '#ports/asset-tracker/fake.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { recordSeen } from './asset-feed.ts';
import { compareAssets, followAssets } from './follow-assets.ts';
import { followHints } from './follow-hints.ts';
import { reconcileNext } from './reconcile.ts';
import { watchStock } from './watch-stock.ts';

let room: BridgeRoom;
beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());

type Unit = { serial: string; state: string; place: string; technician_id: string | null; gone: boolean };

type Stage = {
  readonly tenantId: string;
  readonly tracker: FakeTracker;
  readonly stock: FakeTracker['stock'];
  readonly budi: string;
  readonly bag: string;
  readonly follow: () => Promise<number>;
  readonly compare: () => Promise<number>;
  readonly units: () => Promise<readonly Unit[]>;
  readonly moves: (ref: string) => Promise<readonly { kind: string; moved_by_name: string; to_place: string }[]>;
  readonly feed: () => Promise<{ error: string | null; stopped: boolean } | undefined>;
  readonly drift: () => Promise<readonly { kind: string; subscription_id: string | null; was: string }[]>;
};

/** A tenant with a tracker that others work in too, and a technician with a bag there. Pages are small. */
async function openStage(): Promise<Stage> {
  const tenantId = await room.addTenant();
  const tracker = createFakeTracker(undefined, 3);
  const { stock } = tracker;
  const { db, look } = room;
  const [user] = await look<{ id: string }>(
    `insert into users (tenant_id, email, name, role, password_hash) values ($1, 'budi@x.id', 'Budi', 'technician', '-') returning id`,
    [tenantId],
  );
  const budi = user?.id ?? '';
  const bag = stock.own('bag', budi, 'Tas Budi', stock.places);
  await look(
    `insert into tracker_places (tenant_id, tracker, kind, owner_id, ref) values ($1, 'inventree', 'bag', $2, $3)`,
    [tenantId, budi, bag],
  );
  const f = { db, log: createLog('silent'), trackerOf: async () => tracker };
  const nobody = async (): Promise<null> => null;
  return {
    ...{ tenantId, tracker, stock, budi, bag },
    follow: () => followAssets(f, tenantId),
    compare: () => compareAssets(f, tenantId),
    units: () =>
      look<Unit>(
        `select serial, state, place, technician_id, gone_at is not null as gone from assets where tenant_id = $1 order by serial`,
        [tenantId],
      ),
    moves: (ref) =>
      look(
        `select kind, moved_by_name, to_place from asset_moves m join assets a on a.id = m.asset_id
         where m.tenant_id = $1 and a.tracker_ref = $2 order by tracker_row`,
        [tenantId, ref],
      ),
    feed: async () =>
      (
        await look<{ error: string | null; stopped: boolean }>(
          'select error, stopped_at is not null as stopped from asset_feeds where tenant_id = $1',
          [tenantId],
        )
      )[0],
    drift: async () => {
      const [run] = await look<{ id: string }>(
        `insert into reconciliations (tenant_id, scope, asked_by, correlation_id) values ($1, 'assets', 'test', 'c-1') returning id`,
        [tenantId],
      );
      const r = {
        db,
        log: createLog('silent'),
        clock: Date.now,
        enforcerOf: nobody,
        ledgerOf: nobody,
        vaultOf: room.vaultOf,
      };
      await reconcileNext(r, run?.id ?? '');
      return look(
        'select kind, subscription_id, was from drift where tenant_id = $1 and resolved_at is null order by kind, was',
        [tenantId],
      );
    },
  };
}

describe('following a tracker', () => {
  it('A1: all units are seen at first, with their history; then what others move appears, and by whom', async () => {
    const { stock, follow, units, moves, bag, budi } = await openStage();
    const refs = ['A1', 'A2', 'A3', 'A4', 'A5'].map((serial) => stock.add(serial, '1').ref);
    expect(await follow()).toBe(5);
    expect((await units()).map(({ serial, state, place }) => [serial, state, place])).toEqual(
      ['A1', 'A2', 'A3', 'A4', 'A5'].map((serial) => [serial, 'in_stock', 'Gudang']),
    );
    expect(await follow()).toBe(0);
    stock.change(refs[1] ?? '', { at: stock.placeAt(bag) }, { by: 'sari', operationId: null });
    stock.change(refs[2] ?? '', { status: 'lost' });
    stock.add('A6', '2');
    expect(await follow()).toBe(3);
    expect(await units()).toMatchObject([
      { state: 'in_stock' },
      { state: 'in_transit', place: 'Tas Budi', technician_id: budi },
      { state: 'lost' },
      { state: 'in_stock' },
      { state: 'in_stock' },
      { serial: 'A6', state: 'in_stock' },
    ]);
    expect(await moves(refs[1] ?? '')).toEqual([
      { kind: 'created', moved_by_name: 'orang', to_place: expect.any(String) },
      { kind: 'moved', moved_by_name: 'sari', to_place: 'Tas Budi' },
    ]);
  });

  it('A1: what leaves no row is found by the nightly walk, and so is what was deleted', async () => {
    const { stock, follow, compare, units, bag } = await openStage();
    const refs = Array.from({ length: 10 }, (_, at) => stock.add(`B${at}`, '1').ref);
    await follow();
    stock.shift(refs[0] ?? '', stock.placeAt(bag));
    stock.remove(refs[9] ?? '');
    expect(await follow()).toBe(0);
    expect(await compare()).toBe(2);
    const now = await units();
    expect(now[0]).toMatchObject({ state: 'in_transit', gone: false });
    expect(now[9]).toMatchObject({ gone: true });
    expect(now.filter(({ gone }) => gone)).toHaveLength(1);
  });

  it('REL-11: an outage of some minutes is told once, and its end once; a look that fails now and then is nobody’s business', async () => {
    const { tenantId, tracker, follow } = await openStage();
    const told: string[] = [];
    const minute = async (): Promise<void> => {
      await follow();
      await Promise.all(
        [1, 2].map(() =>
          watchStock(room.db, tenantId, async (_tx, _tenant, news) => {
            told.push(news.isAway ? `away: ${news.detail}` : 'back');
          }),
        ),
      );
      await room.look(`update asset_feeds set failing_since = failing_since - interval '1 min' where tenant_id = $1`, [
        tenantId,
      ]);
    };
    await minute();
    for (let twice = 0; twice < 2; twice += 1) {
      tracker.feel('away');
      await minute();
      tracker.feel('well');
      await minute();
    }
    expect(told).toEqual([]);
    tracker.feel('away');
    for (let n = 0; n < 6; n += 1) await minute();
    expect(told).toEqual([expect.stringContaining('ECONNREFUSED')]);
    tracker.feel('well');
    for (let n = 0; n < 2; n += 1) await minute();
    expect(told).toEqual([expect.stringContaining('away'), 'back']);
  });

  it('B8: a tracker that is away, refuses the login, or suddenly has nothing, moves nothing and is told so', async () => {
    const { tracker, stock, follow, compare, units, feed } = await openStage();
    for (let at = 0; at < 6; at += 1) stock.add(`C${at}`, '1');
    await follow();
    const before = await units();
    tracker.feel('away');
    expect([await follow(), await compare()]).toEqual([0, 0]);
    expect(await feed()).toEqual({ error: expect.stringContaining('ECONNREFUSED'), stopped: false });
    tracker.feel('forbidden');
    await follow();
    expect(await feed()).toEqual({ error: 'Invalid token.', stopped: true });
    tracker.feel('nonsense');
    await compare();
    expect(await feed()).toEqual({ error: expect.stringContaining('not believed'), stopped: false });
    tracker.feel('well');
    for (const { ref } of stock.all().slice(0, 4)) stock.remove(ref);
    await compare();
    expect(await feed()).toMatchObject({ error: expect.stringContaining('not believed') });
    expect(await units()).toEqual(before);
  });

  it('a unit that the hub moves right now is left to whoever moves it, and its rows are not told twice', async () => {
    const { tenantId, stock, follow, units, moves, bag, budi } = await openStage();
    const { ref } = stock.add('D1', '1');
    await follow();
    const [operation] = await room.look<{ id: string }>(
      `insert into asset_operations (tenant_id, asset_id, kind, technician_id, happened_at, requested_by, correlation_id)
       select tenant_id, id, 'hand_over', $2, now(), $2, '-' from assets where tenant_id = $1 returning id`,
      [tenantId, budi],
    );
    stock.change(ref, { at: stock.placeAt(bag) }, { by: 'hub', operationId: operation?.id ?? '' });
    expect(await follow()).toBe(0);
    expect(await units()).toMatchObject([{ state: 'in_stock' }]);
    await room.look(`update asset_operations set state = 'done' where id = $1`, [operation?.id]);
    expect(await moves(ref)).toHaveLength(1);
  });

  it('A1: what contradicts what stands becomes drift with a reason, and is over when it is over', async () => {
    const { tenantId, stock, follow, drift, bag, budi } = await openStage();
    const [modem, twin, lone] = ['E1', 'E2', 'E3'].map((serial) => stock.add(serial, '1').ref);
    stock.add('E2', '1');
    await follow();
    const one = async (sql: string, ...values: unknown[]): Promise<string> =>
      (await room.look<{ id: string }>(sql, [tenantId, ...values]))[0]?.id ?? '';
    const customer = await one(
      `insert into customers (tenant_id, customer_code, name, phone, address) values ($1, 'C1', 'Siti', '-', '-') returning id`,
    );
    const plan = await one(
      `insert into service_plans (tenant_id, name, key, down_kbps, up_kbps, price) values ($1, 'P', 'p', 1, 1, 1) returning id`,
    );
    const line = await one(
      `insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db, username,
         canonical_username, password) values ($1, $2, $3, 'postpaid', 20, 1, 'x', 'u1', 'u1', '-') returning id`,
      customer,
      plan,
    );
    await room.look(
      `insert into asset_operations (tenant_id, asset_id, kind, subscription_id, state, finished_at, happened_at, requested_by, correlation_id)
       select tenant_id, id, 'install', $2, 'done', now(), now(), $3, '-' from assets where tenant_id = $1 and tracker_ref = $4`,
      [tenantId, line, budi, modem],
    );
    const at = stock.own('customer', customer, 'Siti', stock.customers);
    await room.look(
      `insert into tracker_places (tenant_id, tracker, kind, owner_id, ref) values ($1, 'inventree', 'customer', $2, $3)`,
      [tenantId, customer, at],
    );
    stock.change(modem ?? '', { at: stock.customerAt(at) });
    await follow();
    expect(await drift()).toEqual([
      { kind: 'asset_twice', subscription_id: null, was: expect.stringContaining(twin ?? '') },
    ]);
    stock.change(modem ?? '', { at: stock.placeAt(bag) });
    stock.change(lone ?? '', { at: { kind: 'nowhere' } });
    await follow();
    expect(await drift()).toMatchObject([
      { kind: 'asset_not_installed', subscription_id: line, was: 'in_transit Tas Budi' },
      { kind: 'asset_nowhere' },
      { kind: 'asset_twice' },
    ]);
    const told = await room.look('select 1 from timeline where subscription_id = $1 and kind = $2', [line, 'drift']);
    expect(told).toHaveLength(1);
    stock.change(modem ?? '', { at: stock.customerAt(at) });
    stock.change(lone ?? '', { at: stock.placeAt('1') });
    await follow();
    expect(await drift()).toMatchObject([{ kind: 'asset_twice' }]);
  });

  it('A1: a hint, signed over its raw bytes, has the unit looked at before its turn; a forged one is refused', async () => {
    const { tenantId, tracker, stock, follow, units, bag } = await openStage();
    const { ref } = stock.add('G1', '1');
    await follow();
    const { db } = room;
    const sender = { tenantId, isActive: true, secrets: [] };
    const secretOf = async (): Promise<string> => 'rahasia-plugin-inventree';
    const receive = createHintReceiver({
      db,
      senders: { find: async () => sender },
      hints: createInventreeHints(),
      secretOf,
    });
    const body = Buffer.from(JSON.stringify({ event: 'stock_stockitem.saved', kwargs: { id: Number(ref) } }));
    const signed = (secret: string) => new Headers({ 'X-Hub-Signature-256': signHint(body, secret) });
    stock.shift(ref, stock.placeAt(bag));
    expect(await receive('x', body, signed('lain'))).toEqual({ accepted: false, why: 'bad_signature' });
    const f = { db, log: createLog('silent'), trackerOf: async () => tracker };
    expect(await followHints(f)).toBe(0);
    for (let again = 0; again < 3; again += 1)
      expect(await receive('x', body, signed(await secretOf()))).toMatchObject({ accepted: true, eventId: 1n });
    expect(await followHints(f)).toBe(1);
    expect(await units()).toMatchObject([{ state: 'in_transit', place: 'Tas Budi' }]);
    expect(await followHints(f)).toBe(0);
  });

  it('what is written of a unit twice is the same once', async () => {
    const { tenantId, stock } = await openStage();
    const unit = stock.add('F1', '1');
    const write = () => room.db.worker(tenantId, (tx) => recordSeen(tx, tenantId, [unit, unit]));
    expect(await Promise.all([write(), write()])).toHaveLength(2);
    expect(await room.look('select version from assets where tenant_id = $1', [tenantId])).toEqual([{ version: '1' }]);
  });
});
