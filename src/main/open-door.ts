import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAccessTokens } from '#features/identity/access-tokens.ts';
import { ensureOwner, type NewOwner } from '#features/identity/ensure-owner.ts';
import { createKeyRing } from '#features/identity/key-ring.ts';
import { keySetRoutes } from '#features/identity/key-set-routes.ts';
import { createLoginThrottle } from '#features/identity/login-throttle.ts';
import type { Passwords } from '#features/identity/passwords.ts';
import { readKeyFile } from '#features/identity/signing-key.ts';
import { ensureSigningKey, readSigningKeys } from '#features/identity/signing-keys.ts';
import { createAuthenticator } from '#features/identity/standing.ts';
import { createApp } from '#http/app.ts';
import { idempotency } from '#http/idempotency.ts';
import { createIsolirDoor } from '#http/isolir-door.ts';
import { type Listening, listen } from '#http/server.ts';
import type { Foresight } from '#inbox/foresight.ts';
import { createReceiver } from '#inbox/receive.ts';
import { createCallbackReceivers } from '#inbox/receive-callback.ts';
import { createHintReceiver } from '#inbox/receive-hint.ts';
import { createSenders, type Senders } from '#inbox/senders.ts';
import { createStore } from '#inbox/store.ts';
import { tellLowStock } from '#main/field-metrics.ts';
import { tellLatency } from '#main/latency-metrics.ts';
import type { OpenHub } from '#main/open-hub.ts';
import { readiness } from '#main/readiness.ts';
import { mountRoutes } from '#main/routes.ts';
import { tellBrake } from '#main/safety-metrics.ts';
import { tellSchedules } from '#main/schedule/metrics.ts';
import type { Handing } from '#outbox/append.ts';
import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import { type Counters, openCounters } from '#platform/counters.ts';
import { createLimits } from '#platform/limits.ts';
import type { Log } from '#platform/log.ts';
import { createPress, type Press } from '#platform/paper/press.ts';
import type { WakeUps } from '#platform/queue.ts';
import { createTenantFiles } from '#platform/tenant-files.ts';
import { tellDrift, tellOutages, tellStocks } from '#reconcile/metrics.ts';

/** What stands around the door of one process. */
type Around = {
  readonly hub: OpenHub;
  readonly wakeUps: WakeUps;
  /** Null: the documents are looked at elsewhere. */
  readonly foresight: Foresight | null;
  /** Null: what is written here is carried out elsewhere. */
  readonly handing: Handing | null;
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly passwords: Passwords;
};

export type OpenedDoor = Listening & { readonly isolirPort: number | null; readonly owner: NewOwner | null };

/** The version that the package says. */
export const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

/** The keys that sign access tokens are in the bridge; a file of an earlier version is taken over, once. */
async function openTokens({ hub: { db, vault }, config, clock }: Around) {
  const deps = { db, vault, clock };
  await ensureSigningKey(deps, await readKeyFile(join(config.dataDir, 'signing.key')));
  const keys = createKeyRing(() => readSigningKeys(deps), clock);
  return { keys, accessTokens: createAccessTokens(keys, clock, config.publicUrl) };
}

function erpnextReceiver({ hub, wakeUps, foresight }: Around, senders: Senders) {
  const store = createStore(hub.db);
  return createReceiver({ name: 'erpnext', webhooks: hub.wire.erpnextWebhooks }, senders, async (arrival) => {
    if (arrival.state === 'new') foresight?.begin(arrival, arrival.debtor ?? null);
    try {
      const stored = await store(arrival);
      wakeUps.wake('inbox');
      if (!stored.fresh) foresight?.forget(arrival);
      return stored;
    } catch (error) {
      foresight?.forget(arrival);
      throw error;
    }
  });
}

async function openOn(counters: Counters, press: Press, around: Around): Promise<OpenedDoor> {
  const { hub, wakeUps, handing, config, log, clock, passwords } = around;
  const { db, vault, wire } = hub;
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  tellDrift(metrics, db);
  tellOutages(metrics, db);
  tellStocks(metrics, db);
  tellSchedules(metrics, db);
  tellLatency(metrics, db);
  tellBrake(metrics, db);
  tellLowStock(metrics, db);
  const { keys, accessTokens } = await openTokens(around);
  const limits = createLimits(counters, config.limits, clock);
  const throttle = createLoginThrottle(counters, limits.suspects, config.limits.login);
  const senders = createSenders(db, vault, clock);
  const files = createTenantFiles(config.dataDir);
  const { publicUrl, isolirUrl } = config;
  const identity = { passwords, accessTokens, throttle, publicUrl };
  const rooms = { db, vault, wire, wakeUps, handing, log, clock, senders, files, counters, press, isolirUrl };
  const { pages, isolir, ...mounted } = mountRoutes({ ...rooms, ...identity });
  const app = createApp({
    config,
    version,
    log,
    metrics,
    limits,
    receiver: erpnextReceiver(around, senders),
    callbacks: createCallbackReceivers({
      db,
      senders,
      gatewayOf: wire.gatewayOf,
      onNews: () => wakeUps.wake('charges'),
    }),
    hints: createHintReceiver({ db, senders, hints: wire.inventreeHints, secretOf: wire.hintSecretOf }),
    readiness: () => readiness(db, wire),
    authenticate: createAuthenticator(db, accessTokens, clock),
    rootRoutes: [{ path: '/', app: keySetRoutes(keys) }, ...pages],
    idempotency: idempotency({ db, log, vault, vaultOf: wire.vaultOf }),
    ...mounted,
  });
  const owner = await ensureOwner(db, passwords, config.owner);
  const door = await listen(app, config);
  const garden = await openGarden(config, createIsolirDoor({ ...config, limits, log, pages: isolir })).catch(
    async (error: unknown) => {
      await door.close();
      throw error;
    },
  );
  const close = async (): Promise<void> => {
    await Promise.all([door.close(), garden?.close()]);
  };
  return { port: door.port, isolirPort: garden?.port ?? null, close, owner };
}

/** Where the web sites of isolated subscribers are answered; null: this process has no such port. */
const openGarden = async ({ host, isolirPort: port }: Config, app: Parameters<typeof listen>[0]) =>
  port === undefined ? null : listen(app, { host, port });

/** Opens the hub's HTTP door; fails where its port is taken. */
export async function openDoor(around: Around): Promise<OpenedDoor> {
  const { config, hub, log } = around;
  const counters = await openCounters({ redisUrl: config.redisUrl, databaseUrl: hub.databases.bridgeUrl }, log);
  // Two: a sheet of vouchers, which takes seconds, must not hold up bills.
  const press = createPress({ threads: 2 });
  try {
    const door = await openOn(counters, press, around);
    const close = async (): Promise<void> => {
      await door.close();
      await press.close();
      await counters.close();
    };
    return { ...door, close };
  } catch (error) {
    await counters.close();
    throw error;
  }
}
