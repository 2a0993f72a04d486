import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import { createBreaker } from '#connectors/kit/breaker.ts';
import { createHttp } from '#connectors/kit/http.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';
import { createInventreeClient, type InventreeClient } from '../client.ts';
import type { InventreeSettings } from '../settings.ts';
import { bagParent, furnishPlace, readPlaces, warehouse } from './places.ts';
import { lookAtSite } from './site.ts';

/** What an InvenTree has and lacks; `chosen` belongs into the connection's settings where they name no place yet. */
export type InventreeSetUp = {
  readonly steps: readonly SetupStep[];
  readonly chosen: Pick<InventreeSettings, 'warehouse_location' | 'bag_location_parent'>;
};

type Options = { readonly guard: AddressGuard; readonly timeoutMs: number; readonly now: () => Date };

const maxBytes = 4_000_000;

async function setUp(
  client: InventreeClient,
  settings: InventreeSettings,
  how: 'inspect' | 'install',
  now: Date,
): Promise<Result<InventreeSetUp, string>> {
  const isMade = how === 'install';
  const site = await lookAtSite(client, settings.token, now);
  if (!site.ok) return err(site.error.detail);
  const places = await readPlaces(client);
  if (!places.ok) return err(places.error.detail);
  const store = await furnishPlace(client, places.value, warehouse, settings.warehouse_location, isMade);
  if (!store.ok) return err(store.error.detail);
  const bags = await furnishPlace(client, places.value, bagParent, settings.bag_location_parent, isMade);
  if (!bags.ok) return err(bags.error.detail);
  return ok({
    steps: [...site.value, store.value.step, bags.value.step],
    chosen: { warehouse_location: store.value.chosen, bag_location_parent: bags.value.chosen },
  });
}

/**
 * Furnishes an InvenTree for the hub (`install`), or looks what it lacks (`inspect`, which writes nothing), by its REST API
 * alone. The error is for the operator: only what cannot even be looked at is one.
 */
export async function setUpInventree(
  settings: InventreeSettings,
  how: 'inspect' | 'install',
  { guard, timeoutMs, now }: Options,
): Promise<Result<InventreeSetUp, string>> {
  const headers = { Authorization: `Token ${settings.token}`, 'Accept-Language': 'en' };
  const http = createHttp({ baseUrl: settings.url, headers, timeoutMs, maxBytes, guard });
  const steady = (): number => performance.now();
  const breaker = createBreaker({ threshold: 5, coolDownMs: 5_000, now: steady });
  const done = await setUp(createInventreeClient(http, breaker, steady), settings, how, now());
  http.close();
  return done;
}
