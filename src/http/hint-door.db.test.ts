import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createInventreeHints, hintHeader, signHint } from '#connectors/inventree/hints.ts';
import { createHintReceiver } from '#inbox/receive-hint.ts';
import { createSenders } from '#inbox/senders.ts';
import { createLog } from '#platform/log.ts';
import { followAssets } from '#reconcile/follow-assets.ts';
import { followHints } from '#reconcile/follow-hints.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type OpenApp, openApp } from '#test/features/open-app.ts';
import { openWarehouse, type Warehouse } from '#test/inventree/stand-in.ts';

const secret = 'rahasia-plugin-inventree';
const subdomain = 'gudang';

let room: BridgeRoom;
let warehouse: Warehouse;
let app: OpenApp;
let tenantId: string;

beforeAll(async () => {
  [room, warehouse] = await Promise.all([createBridgeRoom(inject('postgresUrl')), openWarehouse(530)]);
  tenantId = await room.addTenant(subdomain);
  const senders = createSenders(room.db, room.vault, Date.now);
  const hints = createInventreeHints();
  app = openApp({ hints: createHintReceiver({ db: room.db, senders, hints, secretOf: async () => secret }) });
});
afterAll(async () => {
  await warehouse.close();
  await room.close();
});

const tells = (pk: number): string => JSON.stringify({ event: 'stock_stockitem.saved', kwargs: { id: pk } });
const send = async (text: string, signedWith = secret, to = subdomain) => {
  const body = new TextEncoder().encode(text);
  const headers = { [hintHeader]: signHint(body, signedWith) };
  const answer = await app.request(`/webhooks/inventree/${to}`, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
const kept = () => room.look<{ ref: string }>('select ref from asset_hints where tenant_id = $1', [tenantId]);

describe('the door for InvenTree’s event plugin', () => {
  it('SEC-6: who is not known, signs wrongly or brings too much is refused, and nothing is kept', async () => {
    const wrong = await send(tells(1), 'another');
    expect(wrong.status).toBe(401);
    const stranger = await send(tells(1), secret, 'nobody');
    expect(stranger.status).toBe(401);
    expect((await send(' '.repeat(1_048_577))).status).toBe(413);
    expect(await kept()).toEqual([]);
  });

  it('A1: a hint that came twice is one look at the unit, which finds what left no history', async () => {
    const { server, parts, shelf } = warehouse;
    const [pk = 0] = server.addItems(parts[0], shelf, ['ZTEGC8D2F011']);
    const hub = warehouse.hub();
    const following = { db: room.db, log: createLog('silent'), trackerOf: async () => hub };
    const place = () => room.look('select place from assets where tenant_id = $1', [tenantId]);
    await followAssets(following, tenantId);
    expect(await place()).toEqual([{ place: 'Gudang' }]);
    const loft = server.addLocation({ name: 'Loteng' });
    server.person('PATCH', `/api/stock/${pk}/`, { location: loft });
    await followAssets(following, tenantId);
    expect(await place()).toEqual([{ place: 'Gudang' }]);
    for (let again = 0; again < 2; again += 1)
      expect(await send(tells(pk))).toEqual({ status: 202, body: { units: 1 } });
    expect(await kept()).toEqual([{ ref: String(pk) }]);
    expect(await followHints(following)).toBe(1);
    expect(await place()).toEqual([{ place: 'Loteng' }]);
    expect(await kept()).toEqual([]);
  });
});
