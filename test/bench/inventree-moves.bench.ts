/**
 * What it takes to move one unit in InvenTree and to know that it is moved (look, act, look again, the history searched), beside
 * the floor: the same question, request and question made bare on one kept connection. Both on the stand-in, in turn, so that
 * what is counted is the hub's share and the number of requests, not InvenTree's own time.
 */
import { randomUUID } from 'node:crypto';
import { createHttp } from '#connectors/kit/http.ts';
import type { MoveWish } from '#ports/asset-tracker/port.ts';
import { guard, openWarehouse } from '#test/inventree/stand-in.ts';
import { printFigure, quantile } from './figures.ts';

const rounds = 300;

const shop = await openWarehouse(421);
const hub = shop.hub();
const { server, bagParent: parent } = shop;
const bag = server.addLocation({ name: 'Tas Budi', parent });
const customer = server.addCompany({ name: 'CKP-1 Siti' });
const bare = createHttp({
  baseUrl: server.url,
  headers: { Authorization: `Token ${server.token}` },
  timeoutMs: 10_000,
  maxBytes: 1_000_000,
  guard,
});

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

async function moveBare(pk: number): Promise<void> {
  const path = `/api/stock/${pk}/`;
  await bare.request({ method: 'GET', path });
  const body = { items: [{ item: pk }], customer, notes: 'x' };
  await bare.request({ method: 'POST', path: '/api/stock/assign/', body });
  await bare.request({ method: 'GET', path });
}

async function moveByHub(pk: number): Promise<void> {
  const wish: MoveWish = { kind: 'install', from: String(bag), customer: String(customer) };
  const order = { operationId: randomUUID(), ref: String(pk), serial: null, wish, by: 'budi', note: 'x' };
  const moved = await hub.move(order);
  if (!moved.ok) throw new Error(moved.error.detail);
}

const samples: { readonly hub: number[]; readonly bare: number[] } = { hub: [], bare: [] };
for (let round = 0; round < rounds; round += 1) {
  const [one = 0, two = 0] = server.addItems(shop.parts[0], bag, [`A${round}`, `B${round}`]);
  samples.bare.push(await timed(() => moveBare(one)));
  samples.hub.push(await timed(() => moveByHub(two)));
}
for (const share of [0.5, 0.95]) {
  const [value, floor] = [quantile(samples.hub, share), quantile(samples.bare, share)];
  printFigure({ name: `inventree-move-p${share * 100}`, value, unit: 'ms', floor });
}
bare.close();
await shop.close();
