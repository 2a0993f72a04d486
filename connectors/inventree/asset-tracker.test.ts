import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetTrackerContract } from '#ports/asset-tracker/contract.ts';
import { freshSerial, good, type TrackerSubject } from '#ports/asset-tracker/contract-subject.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { carry, isDeed, openWarehouse, type Warehouse } from '#test/inventree/stand-in.ts';
import { statusCodes } from './unit.ts';

/** The stand-in under the contract's hands. */
async function subjectOf(apiVersion: 421 | 530): Promise<TrackerSubject> {
  const shop = await openWarehouse(apiVersion);
  const { server, parts, shelf } = shop;
  return {
    tracker: shop.hub(),
    parts: [String(parts[0]), String(parts[1])],
    technicians: [
      { id: 'b0d1c5b2-0001-4000-8000-000000000001', name: 'Budi' },
      { id: 'b0d1c5b2-0002-4000-8000-000000000002', name: 'Budi' },
    ],
    customers: [
      { id: 'c0d1c5b2-0001-4000-8000-000000000001', code: 'CKP-0001', name: 'Siti' },
      { id: 'c0d1c5b2-0002-4000-8000-000000000002', code: 'CKP-0002', name: 'Siti' },
    ],
    put: async (serial, part = String(parts[0])) => String(server.addItems(Number(part), shelf, [serial])[0]),
    carry: async (ref, to) =>
      carry(
        server,
        Number(ref),
        'place' in to ? { place: Number(to.place) } : { customer: Number(to.customer) },
        shelf,
      ),
    judge: async (ref, status) => {
      const code = status === 'other' ? 10 : statusCodes[status];
      server.person('POST', '/api/stock/change_status/', { items: [Number(ref)], status: code });
    },
    remove: async (ref) => void server.person('DELETE', `/api/stock/${ref}/`),
    history: async (ref) => server.tracks(Number(ref)).length,
    feel: (mood) => {
      server.fate = mood === 'away' ? () => ({ kind: 'lost before' }) : () => null;
    },
    forbid: () => {
      server.fate = () => ({ kind: 'login refused' });
    },
    loseNextAnswer: () => {
      server.fate = (call) => {
        if (!isDeed(call)) return null;
        server.fate = () => null;
        return { kind: 'cut after' };
      };
    },
    amidst: (when, deed) => {
      let isPast = false;
      server.fate = (call) => {
        if (when === 'before' ? isDeed(call) : isPast) {
          server.fate = () => null;
          void deed();
        }
        isPast ||= isDeed(call);
        return null;
      };
    },
    close: () => shop.close(),
  };
}

assetTrackerContract('InvenTree 1.1.7 (API 421)', () => subjectOf(421));
assetTrackerContract('InvenTree 1.5 (API 530)', () => subjectOf(530));

describe.each([421, 530] as const)('InvenTree, API %i', (apiVersion) => {
  let shop: Warehouse;
  let hub: AssetTracker;
  beforeAll(async () => {
    shop = await openWarehouse(apiVersion);
    hub = shop.hub();
  });
  afterAll(() => shop.close());
  const unit = (serial = freshSerial()): number => shop.server.addItems(shop.parts[0], shop.shelf, [serial])[0] ?? 0;

  it('is tested in words: who it is, which release, and what a person must do', async () => {
    expect(good(await hub.test())).toContain(`API ${apiVersion}) as jembatan; the warehouse is Gudang`);
    shop.server.setRoles({ stock: ['view'], part: ['view'], stock_location: ['view', 'add'] });
    shop.server.runWorker();
    const refused = await hub.test();
    expect(refused).toMatchObject({ ok: false, error: { reason: 'forbidden' } });
    const words = refused.ok ? '' : refused.error.detail;
    expect(words).toContain('stock: add, change');
    expect(words).toContain('sales_order: view, add');
    const all = ['view', 'add', 'change'] as const;
    shop.server.setRoles({ stock: all, part: ['view'], stock_location: all, sales_order: all });
    shop.server.runWorker();
    expect(good(await hub.test())).toContain('jembatan');
  });

  it('copies of MAC and GPON serial are where people look; tags and labels of others stay', async () => {
    const pk = unit();
    shop.server.person('PATCH', `/api/stock/${pk}/`, { tags: ['gudang-2', 'mac:000000000001'] });
    const label = {
      mac: '00:25:9E:AA:BB:01',
      gponSn: 'HWTCA1B2C301',
      barcode: `LBL-${pk}`,
      username: 'ckp0001',
      operationId: null,
    };
    for (const again of [label, label, { ...label, barcode: `OTHER-${pk}` }]) good(await hub.label(String(pk), again));
    expect([...shop.server.tagsOf(pk)].sort()).toEqual(['gudang-2', 'mac:00259eaabb01']);
    const copy = { mac: label.mac, gpon_sn: label.gponSn, username: 'ckp0001', op_id: null };
    expect(shop.server.item(pk)).toMatchObject({ metadata: { isp_hub: copy }, barcodeData: label.barcode });
    expect(good(await hub.find(` ${label.barcode}\r\n`))).toMatchObject([{ ref: String(pk) }]);
    good(await hub.label(String(pk), { ...label, mac: null }));
    expect(shop.server.tagsOf(pk)).toEqual(['gudang-2']);
  });

  it('its own codes lead to their unit, and those of something else to none', async () => {
    const pk = unit();
    for (const code of [`{"stockitem": ${pk}}`, `INV-SI${pk}`])
      expect(good(await hub.find(code))).toMatchObject([{ ref: String(pk) }]);
    for (const code of [`{"stocklocation": ${shop.shelf}}`, '{"stockitem": 99999}', `INV-SL${shop.shelf}`])
      expect(good(await hub.find(code)), code).toEqual([]);
  });

  it('a status that only this shop has counts as what it stands for', async () => {
    const pk = unit();
    shop.server.addStatus(110, 10, 'Dirapikan');
    shop.server.restart();
    shop.server.person('POST', '/api/stock/change_status/', { items: [pk], status: 110 });
    expect(good(await hub.read(String(pk)))).toMatchObject({ status: 'other' });
    const to = good(await hub.bagOf({ id: 'b0d1c5b2-0003-4000-8000-000000000003', name: 'Ali' }));
    const wish = { kind: 'hand_over', from: String(shop.shelf), to } as const;
    const order = { operationId: crypto.randomUUID(), ref: String(pk), serial: null, wish, by: 'gudang', note: '' };
    expect(good(await hub.move(order)).asset).toMatchObject({ at: { kind: 'place', ref: to, name: 'Ali' } });
  });

  it('what is looked at before the order comes is looked at once, and refuses nothing by itself', async () => {
    const bag = good(await hub.bagOf({ id: 'b0d1c5b2-0004-4000-8000-000000000004', name: 'Tini' }));
    const wish = { kind: 'hand_over', from: String(shop.shelf), to: bag } as const;
    const foreseen = async (pk: number) => {
      const order = { operationId: crypto.randomUUID(), ref: String(pk), serial: null, wish, by: 'gudang', note: '' };
      const before = shop.server.requests().length;
      hub.foresee?.(order.operationId, order.ref);
      const isAnswered = ({ status }: { readonly status: number | null }): boolean => status !== null;
      await expect.poll(() => shop.server.requests().slice(before).filter(isAnswered).length).toBe(2);
      return order;
    };
    const order = await foreseen(unit());
    const seen = shop.server.requests().length;
    good(await hub.move(order));
    const asked = shop.server.requests().slice(seen);
    expect(asked.map(({ method, path }) => [method, path])).toEqual([
      ['POST', '/api/stock/transfer/'],
      ['GET', `/api/stock/${order.ref}/`],
    ]);
    // Elsewhere when it was looked at, and back by the time that the order comes.
    const pk = unit();
    carry(shop.server, pk, { place: Number(bag) }, shop.shelf);
    const late = await foreseen(pk);
    carry(shop.server, pk, { place: shop.shelf }, shop.shelf);
    expect(good(await hub.move(late))).toMatchObject({ outcome: 'done', asset: { at: { ref: bag } } });
  });

  it('goods-in with a serial that InvenTree would take apart is refused by name before it is asked', async () => {
    const goods = { operationId: crypto.randomUUID(), part: String(shop.parts[0]), place: String(shop.shelf), by: 'g' };
    for (const serials of [['SN 12345'], ['A,B'], ['~'], ['X1', 'X1'], []]) {
      const answer = await hub.receive({ ...goods, serials });
      expect(answer).toMatchObject({ ok: false, error: { reason: 'rejected' } });
      expect(answer.ok ? '' : answer.error.detail).toContain(serials[0] ?? '1 to 100');
    }
  });

  it('REL-17: a delivery whose answer was lost is found by its batch code, and is there once', async () => {
    const serials = [freshSerial(), freshSerial()];
    const goods = {
      operationId: crypto.randomUUID(),
      part: String(shop.parts[0]),
      place: String(shop.shelf),
      serials,
      by: 'g',
    };
    shop.server.fate = ({ method, path }) =>
      method === 'POST' && path === '/api/stock/' ? { kind: 'cut after' } : null;
    const first = good(await hub.receive(goods));
    shop.server.fate = () => null;
    expect(good(await hub.receive(goods))).toEqual(first);
    expect(await hub.receive({ ...goods, operationId: crypto.randomUUID() })).toMatchObject({
      error: { reason: 'rejected', detail: expect.stringContaining(serials[0] ?? '') },
    });
    for (const serial of serials) expect(good(await hub.find(serial))).toHaveLength(1);
  });

  it('of one serial received by two hubs at once no two units are taken for one', async () => {
    const goods = { part: String(shop.parts[0]), place: String(shop.shelf), serials: [freshSerial()], by: 'g' };
    shop.server.meet(2);
    const hubs = [hub, shop.hub()];
    const answers = await Promise.all(hubs.map((one) => one.receive({ ...goods, operationId: crypto.randomUUID() })));
    shop.server.meet(0);
    const made = answers.flatMap((answer) => (answer.ok ? answer.value : []));
    const units = good(await hub.find(goods.serials[0] ?? ''));
    // Up to 1.1 both are made: then nobody is told that it went well.
    expect(made.length).toBe(units.length === 1 ? 1 : 0);
  });
});
