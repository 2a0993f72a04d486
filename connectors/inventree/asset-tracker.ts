import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import { type Breaker, createBreaker } from '#connectors/kit/breaker.ts';
import { createHttp } from '#connectors/kit/http.ts';
import { ok } from '#domain/result.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';
import { checkInventree } from './check.ts';
import { createInventreeClient } from './client.ts';
import { createCompanyNames } from './company-names.ts';
import { createEarlyLooks } from './early-looks.ts';
import { failed } from './failures.ts';
import { createInventreeFeed } from './feed.ts';
import { findRows } from './find.ts';
import { writeLabel } from './label.ts';
import { isPk, readRow } from './look.ts';
import { createLostAnswers, type Timing } from './lost-answers.ts';
import { createMover, type Looked, lookAt } from './move.ts';
import { bagFor, companyFor, readParts, readWarehouse } from './places.ts';
import { receiveGoods } from './receive.ts';
import type { InventreeSettings } from './settings.ts';
import type { StockRow } from './shapes.ts';
import { createTurns } from './turns.ts';
import { assetOf } from './unit.ts';

export type InventreeOptions = {
  readonly guard: AddressGuard;
  /** Of one request, whole. */
  readonly timeoutMs: number;
  /** The time of day, for the token's end. */
  readonly now: () => Date;
  /** PEM of a private certificate authority. */
  readonly ca?: string;
  readonly breaker?: Breaker;
  readonly timing?: Partial<Timing>;
};

/** A page of 100 units with their parts is about 150 kB; of 250 locations or companies less. */
const maxBytes = 4_000_000;

const usualTiming: Timing = {
  settleMs: 2_000,
  quietMs: 60_000,
  now: () => performance.now(),
  sleep: (ms) => sleep(ms),
};

/** A tenant's InvenTree (1.0 and newer) as the tracker of its units, over REST with a token. Connections until `close`. */
export function createInventreeTracker(settings: InventreeSettings, options: InventreeOptions): AssetTracker {
  const breaker = options.breaker ?? createBreaker({ threshold: 5, coolDownMs: 5_000, now: () => performance.now() });
  const http = createHttp({
    baseUrl: settings.url,
    headers: { Authorization: `Token ${settings.token}`, 'Accept-Language': 'en' },
    timeoutMs: options.timeoutMs,
    maxBytes,
    guard: options.guard,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const timing = { ...usualTiming, ...options.timing };
  const client = createInventreeClient(http, breaker, timing.now);
  const names = createCompanyNames(client);
  const turns = createTurns();
  const lost = createLostAnswers(timing);
  const early = createEarlyLooks<Looked>(timing.now);
  const seen = async (row: StockRow) => assetOf(row, await names.of(row.customer));

  return {
    async read(ref) {
      const row = await readRow(client, ref);
      if (!row.ok) return failed(row.error);
      return ok(row.value && (await seen(row.value)));
    },
    async find(code) {
      const rows = await findRows(client, code);
      return rows.ok ? ok(await Promise.all(rows.value.map(seen))) : rows;
    },
    foresee(operationId, ref) {
      if (isPk(ref)) early.begin(operationId, () => lookAt(client, ref, operationId));
    },
    move: createMover({ client, names, turns, lost, early }),
    receive: (goods) => receiveGoods({ client, turns, lost }, goods),
    parts: () => readParts(client),
    warehouse: () => readWarehouse(client, settings.warehouse_location),
    bagOf: (technician) => bagFor(client, turns, settings.bag_location_parent, technician),
    customerOf: (customer) => companyFor(client, turns, names, customer),
    label: (ref, label) => turns(ref, () => writeLabel(client, ref, label)),
    feed: createInventreeFeed(client, names),
    test: () => checkInventree(client, settings, options.now()),
    close: () => http.close(),
  };
}
