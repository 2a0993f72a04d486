import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';
import { createInventree, type Inventree, type InventreeOptions } from '#sandbox/inventree/create-inventree.ts';
import { setUpInventree } from './setup.ts';

const networks = parseNetworks(['127.0.0.0/8']);
if (!networks.ok) throw new Error(networks.error);
const guard = createAddressGuard({ allow: networks.value, allowPrivate: true });

const open: Inventree[] = [];
afterEach(async () => {
  for (const site of open.splice(0)) await site.stop();
});

type Chosen = { warehouse_location: number | null; bag_location_parent: number | null };

async function start(options: InventreeOptions = {}) {
  const site = await createInventree(options);
  open.push(site);
  const chosen: Chosen = { warehouse_location: null, bag_location_parent: null };
  const run = async (how: 'inspect' | 'install', now = new Date()): Promise<readonly SetupStep[]> => {
    const settings = { url: site.url, token: site.token, ...chosen };
    const done = await setUpInventree(settings, how, { guard, timeoutMs: 2_000, now: () => now });
    if (!done.ok) throw new Error(done.error);
    Object.assign(chosen, done.value.chosen);
    return done.value.steps;
  };
  return { site, chosen, run };
}

const writes = (site: Inventree): number => site.requests().filter(({ method }) => method !== 'GET').length;
const inState = (steps: readonly SetupStep[], ...states: readonly SetupStep['state'][]): readonly string[] =>
  steps.filter(({ state }) => states.includes(state)).map(({ of }) => of);
const wordsOf = (steps: readonly SetupStep[], of: string): string | undefined =>
  steps.find((step) => step.of === of)?.words;

describe.each([421, 530])('jembatan inventree install, API %i', (apiVersion) => {
  it('A2: on a fresh site it makes the warehouse and the place of the bags; a look and a second run write nothing', async () => {
    const { site, chosen, run } = await start({ apiVersion });
    site.addPart({ name: 'ONT' });
    const before = await run('inspect');
    expect(writes(site)).toBe(0);
    expect(inState(before, 'missing')).toEqual(['warehouse', 'place of the bags']);
    expect(inState(await run('install'), 'made')).toEqual(['warehouse', 'place of the bags']);
    expect(writes(site)).toBe(2);
    const again = await run('install');
    expect(inState(again, 'made', 'missing', 'todo', 'advice')).toEqual([]);
    expect(writes(site)).toBe(2);
    expect(site.world.places.get(chosen.bag_location_parent ?? 0)?.isStructural).toBe(true);
    expect(site.world.places.get(chosen.warehouse_location ?? 0)?.isStructural).toBe(false);
  });

  it('A2: what it made is found again although the answer was lost, and nothing is made twice', async () => {
    const { site, chosen, run } = await start({ apiVersion });
    site.fate = (call) => (call.method === 'POST' ? { kind: 'cut after' } : null);
    await run('install');
    const first = { ...chosen };
    Object.assign(chosen, { warehouse_location: null, bag_location_parent: null });
    await run('install');
    expect(chosen).toEqual(first);
    expect(site.world.places.size).toBe(2);
  });

  it('A2: where places are already, a person says which is the warehouse', async () => {
    const { site, chosen, run } = await start({ apiVersion });
    const shelf = site.addLocation({ name: 'Gudang' });
    const steps = await run('install');
    expect(wordsOf(steps, 'warehouse')).toContain(`Gudang (${shelf})`);
    expect(inState(steps, 'todo')).toContain('warehouse');
    chosen.warehouse_location = shelf;
    expect(inState(await run('install'), 'todo')).not.toContain('warehouse');
    site.person('DELETE', `/api/stock/location/${shelf}/`);
    expect(wordsOf(await run('inspect'), 'warehouse')).toContain('any more');
    chosen.warehouse_location = site.addLocation({ name: 'Rak', structural: true });
    expect(wordsOf(await run('inspect'), 'warehouse')).toContain('structural');
    chosen.bag_location_parent = site.addLocation({ name: 'Tas' });
    expect(inState(await run('inspect'), 'advice')).toContain('place of the bags');
  });

  it('what only a person can mend is told by name: parts, rights, a setting, the worker, the token', async () => {
    const { site, run } = await start({
      apiVersion,
      roles: { stock: ['view'], part: ['view'], stock_location: ['view', 'add'] },
    });
    site.addPart({ name: 'Splicer', salable: false });
    site.world.settings.set('STOCK_ALLOW_OUT_OF_STOCK_TRANSFER', true);
    site.world.isWorkerRunning = false;
    const inElevenMonths = new Date(Date.now() + 340 * 86_400_000);
    const steps = await run('install', inElevenMonths);
    expect(inState(steps, 'todo')).toEqual(['role stock', 'role sales_order', 'modem parts']);
    expect(wordsOf(steps, 'modem parts')).toContain('Splicer');
    expect(inState(steps, 'advice')).toEqual(['background worker', 'token', 'STOCK_ALLOW_OUT_OF_STOCK_TRANSFER']);
  });
});

it('an InvenTree that is too old, or does not take the token, is said to be so', async () => {
  const { site } = await start({ apiVersion: 380 });
  const places = { warehouse_location: null, bag_location_parent: null };
  const ask = (token: string) =>
    setUpInventree({ url: site.url, token, ...places }, 'install', { guard, timeoutMs: 2_000, now: () => new Date() });
  expect(await ask(site.token)).toMatchObject({ ok: false, error: expect.stringContaining('too old') });
  const { site: newer } = await start();
  newer.revokeTokens();
  const refused = await setUpInventree({ url: newer.url, token: newer.token, ...places }, 'inspect', {
    guard,
    timeoutMs: 2_000,
    now: () => new Date(),
  });
  expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('token') });
});
