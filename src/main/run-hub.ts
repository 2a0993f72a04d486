import type { NewOwner } from '#features/identity/ensure-owner.ts';
import { createPasswords, type Passwords } from '#features/identity/passwords.ts';
import { createForesight, type Foresight } from '#inbox/foresight.ts';
import { createAdopt } from '#journeys/adopt.ts';
import { createSettleCommission } from '#journeys/settle-commission.ts';
import { demandDurability } from '#main/databases.ts';
import { openDoor, version } from '#main/open-door.ts';
import { type OpenHub, openHub } from '#main/open-hub.ts';
import { startSchedule } from '#main/schedule.ts';
import { createStock } from '#main/stock.ts';
import { startWork, type Work } from '#main/work.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createPacing } from '#outbox/nas-pace.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Log } from '#platform/log.ts';
import { createLocalWakeUps, openWakeUps, type WakeUps } from '#platform/queue.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createUnsubscribeLinks } from '#platform/unsubscribe-links.ts';

/** A hub that runs: what `jembatan start` prints, and how to end it. */
export type RunningHub = {
  readonly url: string;
  readonly port: number | null;
  /** Where isolated subscribers' requests arrive; null: nowhere. */
  readonly isolirPort: number | null;
  readonly owner: NewOwner | null;
  /** Where the embedded database lies; null: all databases are somebody else's. */
  readonly where: string | null;
  close(): Promise<void>;
};

const pollMs = 1_000;
/** What a killed process had in its hands is taken up by another after so long; a living one renews it (REL-21: 30 s). */
const leaseMs = 20_000;

/** One process that is everything wakes its own loops; several wake each other through BullMQ. */
const wakeUpsFor = async (config: Config, { databases }: OpenHub, log: Log): Promise<WakeUps> =>
  config.role === 'all'
    ? createLocalWakeUps()
    : openWakeUps({ redisUrl: config.redisUrl, databaseUrl: databases.bridgeUrl }, log);

/** What goes to people and to other systems. */
function outwards({ vault, wire }: OpenHub, publicUrl: string): Pick<Dispatching, 'mail' | 'hooks' | 'pacing'> {
  const { vaultOf, notifierOf, webhookSender: sender } = wire;
  const appendMessage = createAppendMessage({ vaultOf, recipients: createRecipients(vault) });
  const unsubscribeLinks = createUnsubscribeLinks(vault, publicUrl);
  return { mail: { notifierOf, unsubscribeLinks }, hooks: { sender, appendMessage }, pacing: createPacing() };
}

function startWorker(
  hub: OpenHub,
  wakeUps: WakeUps,
  foresight: Foresight,
  config: Config,
  log: Log,
  clock: Clock,
): Work {
  const { db, wire } = hub;
  const { ledgerOf, enforcerOf, vaultOf } = wire;
  const adopt = createAdopt({ log, clock, vaultOf, radiusDbOf: wire.radiusDbOf });
  const outside = outwards(hub, config.publicUrl);
  return startWork({
    db,
    clock,
    log,
    wakeUps,
    fetching: { db, clock, log, adopt, ledgerOf, foresight, leaseMs },
    dispatching: {
      ...{ db, log, vaultOf, enforcerOf, ledgerOf, leaseMs, ...outside },
      settleCommission: createSettleCommission(clock),
      stock: createStock(db, clock, wire.assetTrackerOf),
    },
    charges: { desk: wire.desk, appendMessage: outside.hooks.appendMessage, leaseMs },
    pollMs,
  });
}

/**
 * Starts what the role asks for: the doors, the loops, or both (spec O6). `clock` decides what is due and what has run
 * out; waits and leases go by the databases' own clocks. `passwords` says what hashing one costs.
 */
export async function runHub(
  config: Config,
  log: Log,
  {
    clock = systemClock,
    passwords = createPasswords(),
  }: { readonly clock?: Clock; readonly passwords?: Passwords } = {},
): Promise<RunningHub> {
  const hub = await openHub(config, log, clock, ({ bridgeUrl }) => demandDurability(bridgeUrl, config, log));
  const wakeUps = await wakeUpsFor(config, hub, log);
  const foresight = config.role === 'api' ? null : createForesight({ db: hub.db, clock, ledgerOf: hub.wire.ledgerOf });
  const worker = foresight && startWorker(hub, wakeUps, foresight, config, log, clock);
  const keeping = config.role === 'api' ? null : startSchedule(hub, config, log, clock, { leaseMs, pollMs });
  const handing = worker?.handing ?? null;
  const closeInside = async (): Promise<void> => {
    await Promise.all([worker?.stop(), keeping?.stop()]);
    await wakeUps.close();
    await hub.close();
  };
  const opened =
    config.role === 'worker'
      ? null
      : await openDoor({ hub, wakeUps, foresight, handing, config, log, clock, passwords }).catch(
          async (error: unknown) => {
            // Its port is somebody else's: a hub without doors must not go on working unseen.
            await closeInside();
            throw error;
          },
        );
  log.info('the hub runs', { role: config.role, port: opened?.port, version });
  return {
    url: opened && config.port === 0 ? `http://${config.host}:${opened.port}` : config.publicUrl,
    port: opened?.port ?? null,
    isolirPort: opened?.isolirPort ?? null,
    owner: opened?.owner ?? null,
    where: hub.databases.embedded?.where ?? null,
    close: async () => {
      await opened?.close();
      await closeInside();
    },
  };
}
