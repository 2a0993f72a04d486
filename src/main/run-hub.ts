import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAccessTokens } from '#features/identity/access-tokens.ts';
import { ensureOwner, type NewOwner } from '#features/identity/ensure-owner.ts';
import { createPasswords } from '#features/identity/passwords.ts';
import { readSigningKey } from '#features/identity/signing-key.ts';
import { createAuthenticator } from '#features/identity/standing.ts';
import { createApp } from '#http/app.ts';
import { type Listening, listen } from '#http/server.ts';
import { createReceiver } from '#inbox/receive.ts';
import { createSenders } from '#inbox/senders.ts';
import { createStore } from '#inbox/store.ts';
import { createAdopt } from '#journeys/adopt.ts';
import { type OpenHub, openHub } from '#main/open-hub.ts';
import { readiness } from '#main/readiness.ts';
import { mountRoutes, type Rooms } from '#main/routes.ts';
import { startWork } from '#main/work.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Log } from '#platform/log.ts';
import { createLocalWakeUps, openWakeUps, type WakeUps } from '#platform/queue.ts';

/** A hub that runs: what `jembatan start` prints, and how to end it. */
export type RunningHub = {
  readonly url: string;
  readonly port: number | null;
  readonly owner: NewOwner | null;
  /** Where the embedded database lies; null: all databases are somebody else's. */
  readonly where: string | null;
  close(): Promise<void>;
};

const pollMs = 1_000;
/** What a killed process had in its hands is taken up by another after so long; a living one renews it (REL-21: 30 s). */
const leaseMs = 20_000;

/** The version that the package says. */
const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

/** One process that is everything wakes its own loops; several wake each other through BullMQ. */
const wakeUpsFor = async (config: Config, { databases }: OpenHub, log: Log): Promise<WakeUps> =>
  config.role === 'all'
    ? createLocalWakeUps()
    : openWakeUps({ redisUrl: config.redisUrl, databaseUrl: databases.bridgeUrl }, log);

function startWorker(hub: OpenHub, wakeUps: WakeUps, log: Log, clock: Clock): { stop(): Promise<void> } {
  const { db, wire } = hub;
  const { ledgerOf, enforcerOf, vaultOf } = wire;
  const adopt = createAdopt({ log, clock, vaultOf, radiusDbOf: wire.radiusDbOf });
  const onRecorded = (): void => {
    wakeUps.wake('lines');
    wakeUps.wake('documents');
  };
  return startWork({
    db,
    clock,
    log,
    wakeUps,
    fetching: { db, clock, log, adopt, ledgerOf, leaseMs, onRecorded },
    dispatching: { db, log, vaultOf, enforcerOf, ledgerOf, leaseMs },
    pollMs,
  });
}

async function openDoor(
  hub: OpenHub,
  wakeUps: WakeUps,
  config: Config,
  log: Log,
  clock: Clock,
): Promise<{ door: Listening; owner: NewOwner | null }> {
  const { db, vault, wire } = hub;
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const passwords = createPasswords();
  const accessTokens = createAccessTokens(
    await readSigningKey(join(config.dataDir, 'signing.key')),
    clock,
    config.publicUrl,
  );
  const senders = createSenders(db, vault, clock);
  const store = createStore(db);
  const receiver = createReceiver({ name: 'erpnext', webhooks: wire.erpnextWebhooks }, senders, async (arrival) => {
    const stored = await store(arrival);
    wakeUps.wake('inbox');
    return stored;
  });
  const rooms: Rooms = { db, vault, wire, wakeUps, log, clock, passwords, accessTokens, senders };
  const app = createApp({
    config,
    version,
    log,
    metrics,
    receiver,
    readiness: () => readiness(db, wire),
    authenticate: createAuthenticator(db, accessTokens, clock),
    ...mountRoutes(rooms),
  });
  const owner = await ensureOwner(db, passwords, config.owner);
  return { door: await listen(app, config), owner };
}

/**
 * Starts what the role asks for: the doors, the loops, or both (spec O6). `clock` decides what is due and what has run
 * out; waits and leases go by the databases' own clocks.
 */
export async function runHub(
  config: Config,
  log: Log,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Promise<RunningHub> {
  const hub = await openHub(config, log, clock);
  const wakeUps = await wakeUpsFor(config, hub, log);
  const worker = config.role === 'api' ? null : startWorker(hub, wakeUps, log, clock);
  const closeInside = async (): Promise<void> => {
    await worker?.stop();
    await wakeUps.close();
    await hub.close();
  };
  const opened =
    config.role === 'worker'
      ? null
      : await openDoor(hub, wakeUps, config, log, clock).catch(async (error: unknown) => {
          // Its port is somebody else's: a hub without doors must not go on working unseen.
          await closeInside();
          throw error;
        });
  log.info('the hub runs', { role: config.role, port: opened?.door.port, version });
  return {
    url: opened && config.port === 0 ? `http://${config.host}:${opened.door.port}` : config.publicUrl,
    port: opened?.door.port ?? null,
    owner: opened?.owner ?? null,
    where: hub.databases.embedded?.where ?? null,
    close: async () => {
      await opened?.door.close();
      await closeInside();
    },
  };
}
