import { decideDirtyLines } from '#access/decide-lines.ts';
import { wakeDueLines } from '#access/wake-lines.ts';
import type { Database } from '#db/database.ts';
import { consumeInbox } from '#inbox/consume.ts';
import { type Fetching, fetchDirtyDocuments } from '#inbox/fetch-documents.ts';
import { dispatchLane, lanes } from '#outbox/dispatch.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import { type Loop, startLoop } from '#platform/loop.ts';
import type { WakeName, WakeUps } from '#platform/queue.ts';
import { askLedgers } from '#reconcile/ask-ledgers.ts';

export type Working = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly wakeUps: WakeUps;
  readonly fetching: Fetching;
  readonly dispatching: Dispatching;
  readonly pollMs: number;
};

/** The loops of a worker, in the order of the flow: what one commits wakes the next. */
export function startWork(w: Working): { stop(): Promise<void> } {
  const loops: Loop[] = [];
  const busySets: Set<Promise<void>>[] = [];

  /** `then` is woken after each turn that did something. */
  function loop(
    name: string,
    work: () => Promise<number>,
    then: readonly WakeName[],
    wokenBy: WakeName | null,
    pollMs = w.pollMs,
  ): void {
    const turn = async (): Promise<number> => {
      const done = await work();
      if (done > 0) for (const next of then) w.wakeUps.wake(next);
      return done;
    };
    const started = startLoop(name, turn, pollMs, w.log);
    loops.push(started);
    if (wokenBy !== null) w.wakeUps.on(wokenBy, () => started.wake());
  }

  loop('inbox', () => consumeInbox(w.db), ['documents'], 'inbox');
  const looks = new Set<Promise<void>>();
  busySets.push(looks);
  loop('documents', () => fetchDirtyDocuments(w.fetching, looks), [], 'documents');
  loop('lines', () => decideDirtyLines(w.db, w.clock), ['outbox', 'documents'], 'lines');
  loop('clock', () => wakeDueLines(w.db, w.clock), ['lines'], null);
  loop('ledgers', () => askLedgers(w.db, w.clock), [], null, 5 * w.pollMs);
  for (const lane of lanes) {
    const mine = new Set<Promise<void>>();
    loop(lane.name, () => dispatchLane(w.dispatching, lane, mine), ['outbox'], 'outbox');
    busySets.push(mine);
  }
  return {
    async stop() {
      await Promise.all(loops.map((one) => one.stop()));
      await Promise.all(busySets.flatMap((mine) => [...mine]));
    },
  };
}
