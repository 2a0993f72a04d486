import { advanceHolds } from '#access/advance-holds.ts';
import { advanceNotices } from '#access/advance-notices.ts';
import { decideDirtyLines, decideWithin } from '#access/decide-lines.ts';
import type { Saved } from '#access/save-decisions.ts';
import { wakeDueLines } from '#access/wake-lines.ts';
import type { Database } from '#db/database.ts';
import { fetchDirtyDocuments, takeDeliveries } from '#inbox/fetch-documents.ts';
import type { Fetching } from '#inbox/look-into.ts';
import { type SettlingCharges, settleCharges } from '#journeys/settle-charges.ts';
import type { Handing } from '#outbox/append.ts';
import { type Busy, dispatchLane, lanes } from '#outbox/dispatch.ts';
import { foreseeCuts } from '#outbox/dispatch-access.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createHanding } from '#outbox/hand-over.ts';
import { createScout } from '#outbox/scout.ts';
import { tellHeld } from '#outbox/tell-held.ts';
import { tellOutage } from '#outbox/tell-outage.ts';
import { writeNotice } from '#outbox/write-notice.ts';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import { type Loop, startLoop } from '#platform/loop.ts';
import type { WakeName, WakeUps } from '#platform/queue.ts';
import { askLedgers } from '#reconcile/ask-ledgers.ts';
import { followHints } from '#reconcile/follow-hints.ts';
import { reconcileNext } from '#reconcile/reconcile.ts';
import { watchLedgers } from '#reconcile/watch-ledgers.ts';

export type Working = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly wakeUps: WakeUps;
  readonly fetching: Omit<Fetching, 'decide' | 'onMarked'>;
  readonly dispatching: Omit<Dispatching, 'handing'>;
  /** Left out: no gateway is asked by this worker. */
  readonly charges?: Pick<SettlingCharges, 'desk' | 'appendMessage' | 'leaseMs'>;
  readonly pollMs: number;
};

/** Work under way hands on more work: it has ended when none is left. */
async function ended(busy: readonly (Set<Promise<void>> | Busy)[]): Promise<void> {
  while (busy.some((mine) => mine.size > 0)) await Promise.all(busy.flatMap((mine) => [...mine.keys()]));
}

/** `handing`: what the process writes at its doors, it may take on itself at once. */
export type Work = { readonly handing: Handing; stop(): Promise<void> };

/**
 * The loops of a worker, in the order of the flow. What one turn brings about is handed on in memory as far as there is
 * room, leased by this process at its birth; what is left, and what other processes bring about, is claimed.
 */
export function startWork(w: Working): Work {
  const { db, clock, log, wakeUps } = w;
  const looks = new Set<Promise<void>>();
  const busy = new Map(lanes.map((lane) => [lane, new Map() as Busy]));
  const handing = createHanding(w.dispatching, busy, () => wakeUps.wake('outbox'));
  const dispatching: Dispatching = { ...w.dispatching, handing };
  const isAnyDue = createScout(
    db,
    lanes.flatMap(({ kinds }) => kinds),
  );

  function follow(saved: Saved): void {
    handing.take(saved);
    if (saved.isEvidenceAsked) wakeUps.wake('documents');
  }
  const fetching: Fetching = {
    ...w.fetching,
    onMarked: () => wakeUps.wake('documents'),
    decide: async (tx, tenantId, lines, mayCut = false) => {
      const saved = await decideWithin(tx, tenantId, lines, clock(), handing, { mayCut });
      if (saved) foreseeCuts(db, saved.claimed);
      return () => (saved ? follow(saved) : wakeUps.wake('lines'));
    },
  };

  const settling: SettlingCharges | null = w.charges ? { ...w.charges, db, clock, log, decide: fetching.decide } : null;

  function loop(name: string, work: () => Promise<boolean>, wokenBy: WakeName | null, pollMs = w.pollMs): Loop {
    const started = startLoop(name, work, pollMs, log);
    if (wokenBy !== null) wakeUps.on(wokenBy, () => started.wake());
    return started;
  }
  const loops = [
    loop('inbox', () => takeDeliveries(fetching, looks), 'inbox'),
    loop('documents', () => fetchDirtyDocuments(fetching, looks), 'documents'),
    loop('lines', async () => (await decideDirtyLines(db, clock, handing, follow)) > 0, 'lines'),
    ...(settling ? [loop('charges', () => settleCharges(settling), 'charges')] : []),
    loop('clock', async () => (await wakeDueLines(db, clock)) > 0 && wokeLines(wakeUps), null),
    loop('holds', async () => (await advanceAll(w)) > 0 && wokeLines(wakeUps), null),
    loop('notices', async () => (await remindAll(w)) > 0 && wokeLines(wakeUps), null, 10 * w.pollMs),
    loop('ledgers', async () => (await askLedgers(db, clock)) > 0, null, 5 * w.pollMs),
    loop('ledger watch', async () => (await watchAll(w)) > 0, null, 5 * w.pollMs),
    loop(
      'stock hints',
      async () => (await followHints({ db, log, trackerOf: w.dispatching.stock.trackerOf })) > 0,
      null,
    ),
    loop('reconciliations', () => reconcileNext({ db, clock, log, ...askedOf(w.dispatching) }), null),
    ...[...busy].map(([lane, mine]) =>
      loop(
        lane.name,
        async () => (await isAnyDue(lane.kinds)) && (await dispatchLane(dispatching, lane, mine)) > 0,
        'outbox',
      ),
    ),
  ];
  return {
    handing,
    async stop() {
      await Promise.all(loops.map((one) => one.stop()));
      await ended([looks, ...busy.values()]);
    },
  };
}

/** Takes what people have released from the safety brake a wave further, and writes to those who must decide. */
const advanceAll = ({ db, clock, dispatching }: Working): Promise<number> =>
  advanceHolds(db, clock, (tx, tenantId, hold, { held }) =>
    tellHeld(tx, tenantId, { ...hold, lines: held }, dispatching.hooks.appendMessage),
  );
/** Writes to those who must know that a ledger is away, or back. */
const watchAll = ({ db, clock, dispatching }: Working): Promise<number> =>
  watchLedgers(db, clock, (tx, tenantId, news) =>
    tellOutage(tx, tenantId, 'ledger', news, dispatching.hooks.appendMessage),
  );
/** Writes the reminders without which nobody may be cut, and notes what became of them. */
const remindAll = ({ db, clock, dispatching }: Working): Promise<number> =>
  advanceNotices(db, clock, (tx, tenantId, notice, correlationId) =>
    writeNotice(tx, tenantId, notice, correlationId, dispatching.hooks.appendMessage),
  );
const askedOf = ({ enforcerOf, ledgerOf, vaultOf }: Working['dispatching']) => ({ enforcerOf, ledgerOf, vaultOf });

function wokeLines(wakeUps: WakeUps): true {
  wakeUps.wake('lines');
  return true;
}
