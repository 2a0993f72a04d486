import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createBuiltinTracker } from '#connectors/builtin/asset-tracker.ts';
import type { Who } from '#platform/caller.ts';
import { createFakeTracker, type FakeTracker } from '#ports/asset-tracker/fake.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type Ask, admin, asCaller, shapedAs } from '#test/features/room.ts';
import { createGoodsInTurn } from './goods-in-turn.ts';
import { importAssets } from './import.ts';
import { assetsRoutes } from './routes.ts';
import type { Asset, AssetMove } from './schema.ts';

let room: BridgeRoom;
beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());

type Shop = {
  readonly tenantId: string;
  readonly who: Who;
  readonly ask: Ask;
  readonly as: (role: string, userId?: string) => Ask;
  readonly take: (bytes: string, preview?: 'true' | 'false') => ReturnType<typeof importAssets>;
};

async function openShop(tracker: AssetTracker | null = null): Promise<Shop> {
  const tenantId = await room.addTenant();
  const caller = admin(tenantId);
  const deps = {
    db: room.db,
    clock: () => Date.parse('2026-11-21T05:00:00Z'),
    goodsInTurn: createGoodsInTurn(room.db),
    trackerOf: async () => tracker ?? createBuiltinTracker(room.db, tenantId),
  };
  const who: Who = { tenantId, caller, correlationId: 'c-1', address: '' };
  const as = (role: string, userId = caller.userId) => asCaller(assetsRoutes(deps), { userId, tenantId, role });
  const take: Shop['take'] = (text, preview = 'false') =>
    importAssets(deps, who, Buffer.from(text), { part: 'ONT F670L', preview });
  return { tenantId, who, ask: as('admin'), as, take };
}

async function withInventree(): Promise<Shop & { readonly tracker: FakeTracker }> {
  const tracker = createFakeTracker();
  const shop = await openShop(tracker);
  await room.look(
    `insert into connections (tenant_id, system, settings, secrets) values ($1, 'inventree', '{}', '-')`,
    [shop.tenantId],
  );
  return { ...shop, tracker };
}

const unit = { serial: 'ZTEGC1234567', mac: '0025.9eaa.bb01', gpon_sn: '5A544547C1234567', barcode: 'kotak 7' };
const goods = (units: readonly object[] = [unit], part = 'ONT F670L') => ({ part, units });
const dataOf = (body: unknown): readonly Asset[] => shapedAs<{ data: readonly Asset[] }>(body).data;
const find = async (ask: Ask, search: string) =>
  dataOf((await ask('GET', `/assets?search=${encodeURIComponent(search)}`)).body);

describe('assets: goods-in', () => {
  it('a unit is taken into the own list in one notation, and the same list again makes nothing twice', async () => {
    const { ask, tenantId } = await openShop();
    const first = await ask('POST', '/assets', goods());
    expect(first).toMatchObject({ status: 201 });
    const [asset] = dataOf(first.body);
    expect(asset).toMatchObject({
      ...{ tracker: 'builtin', part: 'ONT F670L', serial: 'ZTEGC1234567', mac: '00:25:9E:AA:BB:01' },
      ...{ gpon_sn: 'ZTEGC1234567', barcode: 'kotak 7', state: 'in_stock', place: 'Gudang', technician_id: null },
    });
    expect(dataOf((await ask('POST', '/assets', goods())).body).map(({ id }) => id)).toEqual([asset?.id]);
    const moves = await ask('GET', `/assets/${asset?.id}/moves`);
    expect(moves.body).toMatchObject({ total: 1, data: [{ kind: 'goods_in', to_state: 'in_stock' }] });
    const audited = await room.look(`select 1 from audit_logs where tenant_id = $1 and entity_type = 'asset'`, [
      tenantId,
    ]);
    expect(audited.length).toBeGreaterThan(0);
  });

  it('what another unit has is told with that unit, and nothing is taken in; so is what a list has twice', async () => {
    const { ask } = await openShop();
    const [asset] = dataOf((await ask('POST', '/assets', goods())).body);
    for (const [field, value] of [
      ['mac', '00-25-9e-aa-bb-01'],
      ['gpon_sn', 'ZTEGC1234567'],
      ['barcode', 'kotak 7'],
    ] as const) {
      const answer = await ask('POST', '/assets', goods([{ serial: 'LAIN1' }, { serial: 'LAIN2', [field]: value }]));
      expect(answer, field).toMatchObject({
        status: 409,
        body: { code: 'DUPLICATE_ENTRY', details: { field, asset_id: asset?.id } },
      });
    }
    expect(await find(ask, 'LAIN1')).toEqual([]);
    const twice = await ask('POST', '/assets', goods([{ serial: 'A-1' }, { serial: 'a1' }]));
    expect(twice).toMatchObject({ status: 400, body: { details: { fields: [{ field: 'units.1.serial' }] } } });
  });

  it('with InvenTree units are made there; an answer that was lost is found, and labels are copied', async () => {
    const { ask, tracker, tenantId } = await withInventree();
    expect(await ask('POST', '/assets', goods([unit], 'Kursi'))).toMatchObject({
      status: 400,
      body: { details: { fields: [{ field: 'part', message: expect.stringContaining('ONT F670L') }] } },
    });
    tracker.feel('away');
    expect(await ask('POST', '/assets', goods())).toMatchObject({ status: 502 });
    tracker.feel('well');
    const [asset] = dataOf((await ask('POST', '/assets', goods())).body);
    expect(asset).toMatchObject({ tracker: 'inventree', state: 'in_stock', place: 'Gudang', mac: '00:25:9E:AA:BB:01' });
    expect(tracker.stock.all()).toMatchObject([{ ref: asset?.tracker_ref, serial: 'ZTEGC1234567' }]);
    const intents = await room.look(`select intent from outbox where tenant_id = $1 and kind = 'asset.label'`, [
      tenantId,
    ]);
    expect(intents).toEqual([{ intent: { kind: 'asset.label', assetId: asset?.id } }]);
  });
});

describe('assets: a list from a file', () => {
  const csv = [
    'No;SN;MAC Address;Tipe',
    '1;INNBG0001;00259EAABB01;',
    '2;INNBG0002;bukan mac;',
    '3;innbg-0001;;',
    '4;INNBG0003;00:25:9E:AA:BB:01;',
    '5;;;',
    '6;INNBG0004;00259EAABB04;ONT HG8245',
  ].join('\r\n');
  const bad = [
    { line: 3, field: 'mac' },
    { line: 4, field: 'serial' },
    { line: 5, field: 'mac' },
    { line: 6, field: 'serial' },
  ];

  it('a preview writes nothing; then every good line is taken, and each bad one names itself', async () => {
    const { ask, take } = await openShop();
    expect(await take(csv, 'true')).toMatchObject({ lines: 6, added: 2, bad });
    expect(await find(ask, 'INNBG')).toEqual([]);
    expect(await take(csv)).toMatchObject({ lines: 6, added: 2, bad });
    expect((await find(ask, 'INNBG')).map(({ serial }) => serial).sort()).toEqual(['INNBG0001', 'INNBG0004']);
    expect(await take(csv)).toMatchObject({ lines: 6, added: 2, bad });
    expect(await find(ask, 'INNBG')).toHaveLength(2);
  });

  it('one line that InvenTree refuses does not keep the others out', async () => {
    const { take, tracker } = await withInventree();
    tracker.stock.add('INNBG0002', '1', '9');
    const lines = Array.from({ length: 7 }, (_, at) => `INNBG000${at}`);
    const { added, bad: refused } = await take(`serial\n${lines.join('\n')}`);
    expect(added).toBe(6);
    expect(refused).toMatchObject([{ line: 4, field: 'serial', message: expect.stringContaining('INNBG0002') }]);
    expect(tracker.stock.all()).toHaveLength(7);
  });

  it('what is no list is refused with what to do', async () => {
    const { take } = await openShop();
    await expect(take('merek,warna\nA,B')).rejects.toThrow('columns');
    await expect(take('serial\n"A')).rejects.toThrow('CSV');
  });
});

describe('assets: found, corrected, marked', () => {
  it('any code finds its unit, in any notation, and so does a part of the serial', async () => {
    const { ask } = await openShop();
    const other = { serial: 'LAIN-9', mac: '00:25:9E:AA:BB:09' };
    const [asset] = dataOf((await ask('POST', '/assets', goods([unit, other]))).body);
    for (const code of [
      'ztegc-1234567',
      '00259eaabb01',
      '00-25-9E-AA-BB-01',
      '5A544547C1234567',
      'kotak 7',
      'C12345',
      'S/N: ZTEGC1234567; MAC: 00259EAABB01',
    ]) {
      expect(
        (await find(ask, code)).map(({ id }) => id),
        code,
      ).toEqual([asset?.id]);
    }
    expect(await find(ask, 'F670L')).toHaveLength(2);
    for (const nobodys of ['%', '_', "'", 'AA:BB:CC:DD:EE:FF']) expect(await find(ask, nobodys), nobodys).toEqual([]);
  });

  it('what the hub alone knows is corrected; another unit’s MAC is refused with that unit', async () => {
    const { ask } = await openShop();
    const [first, second] = dataOf((await ask('POST', '/assets', goods([unit, { serial: 'LAIN9' }]))).body);
    const path = `/assets/${second?.id}`;
    expect(await ask('PATCH', path, { mac: unit.mac })).toMatchObject({
      status: 409,
      body: { details: { field: 'mac', asset_id: first?.id } },
    });
    const changed = await ask('PATCH', path, { mac: '00259EAABB02', note: 'kardus penyok' });
    expect(changed).toMatchObject({ status: 200, body: { mac: '00:25:9E:AA:BB:02', note: 'kardus penyok' } });
    expect(await ask('PATCH', path, { mac: 'bukan' })).toMatchObject({ status: 400 });
    expect(await ask('PATCH', path, { state: 'lost' })).toMatchObject({ status: 400 });
  });

  it('a technician sees its own bag, and what is at customers that it is sent to; nothing else', async () => {
    const { ask, as, tenantId } = await openShop();
    const all = dataOf(
      (await ask('POST', '/assets', goods([{ serial: 'A1' }, { serial: 'A2' }, { serial: 'A3' }]))).body,
    );
    const [mine, theirs, shelf] = all.map(({ id }) => id);
    const one = async (sql: string, ...values: unknown[]): Promise<string> =>
      (await room.look<{ id: string }>(sql, [tenantId, ...values]))[0]?.id ?? '';
    const person = (email: string) =>
      one(
        `insert into users (tenant_id, email, name, role, password_hash) values ($1, $2, 'Budi', 'technician', '-') returning id`,
        email,
      );
    const [budi, joko] = [await person('budi@x.id'), await person('joko@x.id')];
    const customer = await one(
      `insert into customers (tenant_id, customer_code, name, phone, address) values ($1, 'C1', 'Siti', '-', '-') returning id`,
    );
    await room.look(`update assets set state = 'in_transit', technician_id = $1 where id = $2`, [budi, mine]);
    await room.look(`update assets set state = 'installed', customer_id = $1 where id = $2`, [customer, theirs]);
    const seen = async () => dataOf((await as('technician', budi)('GET', '/assets')).body).map(({ id }) => id);
    expect(await seen()).toEqual([mine]);
    const order = await one(
      `insert into work_orders (tenant_id, number, kind, state, source, customer_id, technician_id, issued_at)
       values ($1, 'SPK1', 'repair', 'assigned', 'office', $2, $3, now()) returning id`,
      customer,
      budi,
    );
    expect((await seen()).toSorted()).toEqual([mine, theirs].toSorted());
    expect(await as('technician', budi)('GET', `/assets/${shelf}`)).toMatchObject({ status: 404 });
    expect(await as('technician', joko)('GET', `/assets/${mine}/moves`)).toMatchObject({ status: 404 });
    await room.look(`update work_orders set state = 'cancelled' where id = $1`, [order]);
    expect(await seen()).toEqual([mine]);
    expect(await as('technician', budi)('POST', `/assets/${mine}/mark`, { condition: 'lost' })).toMatchObject({
      status: 403,
    });
  });

  it('a mark waits for the tracker under an operation of its own; a unit that is being moved is not marked', async () => {
    const { ask, tenantId } = await openShop();
    const [asset] = dataOf((await ask('POST', '/assets', goods())).body);
    const marked = await ask('POST', `/assets/${asset?.id}/mark`, { condition: 'damaged', note: 'terbakar' });
    expect(marked).toMatchObject({ status: 202, body: { state: 'in_stock', note: 'terbakar' } });
    expect(
      await room.look('select kind, condition, state from asset_operations where tenant_id = $1', [tenantId]),
    ).toEqual([{ kind: 'mark', condition: 'damaged', state: 'waiting' }]);
    expect(await room.look(`select kind from outbox where tenant_id = $1`, [tenantId])).toEqual([
      { kind: 'asset.move' },
    ]);
    expect(await ask('POST', `/assets/${asset?.id}/mark`, { condition: 'lost' })).toMatchObject({ status: 409 });
  });

  it('moves are told page by page, the latest first', async () => {
    const { ask } = await openShop();
    const [asset] = dataOf((await ask('POST', '/assets', goods())).body);
    await room.look(
      `insert into asset_moves (tenant_id, asset_id, happened_at, kind, to_state)
       select tenant_id, id, now() + no * interval '1 h', 'moved', 'in_stock' from assets, generate_series(1, 3) as no where id = $1`,
      [asset?.id],
    );
    const { body } = await ask('GET', `/assets/${asset?.id}/moves?page_size=2`);
    const { data } = shapedAs<{ data: readonly AssetMove[] }>(body);
    expect(body).toMatchObject({ total: 4, data: [{ kind: 'moved' }, { kind: 'moved' }] });
    expect((data[0]?.happened_at ?? '') > (data[1]?.happened_at ?? '')).toBe(true);
  });
});
