import { recordAsset } from '#db/asset-mirror.ts';
import type { Database } from '#db/database.ts';
import { createFollowMove } from '#journeys/scans/follow-move.ts';
import { createResume } from '#journeys/scans/resume-scans.ts';
import type { Learn } from '#journeys/scans/take-scan.ts';
import { createAskedHere } from '#outbox/asked-here.ts';
import type { Stocking } from '#outbox/dispatching.ts';
import { createForeseenMoves } from '#outbox/foreseen-moves.ts';
import type { Clock } from '#platform/clock.ts';
import { Refusal } from '#platform/refusal.ts';

/** What the dispatchers move units with, and what follows from it. */
export const createStock = (db: Database, clock: Clock, trackerOf: Stocking['trackerOf']): Stocking => ({
  trackerOf,
  askedHere: createAskedHere(),
  foreseen: createForeseenMoves(trackerOf),
  moved: createFollowMove(clock),
  resume: createResume(db),
});

/** Asks a tracker that is followed about a code; its own list is the hub's index, which knows them all. */
export const createLearn =
  (db: Database, trackerOf: Stocking['trackerOf']): Learn =>
  async (tenantId, code) => {
    const tracker = await trackerOf(tenantId);
    if (tracker.feed === null) return [];
    const found = await tracker.find(code);
    if (!found.ok) {
      throw new Refusal(
        'UNAVAILABLE',
        'The stock system does not answer, and this code is new here. Send it again later.',
      );
    }
    const units = found.value;
    return db.worker(tenantId, async (tx) => {
      const ids: string[] = [];
      for (const unit of units) ids.push((await recordAsset(tx, tenantId, 'inventree', unit)).id);
      return ids;
    });
  };
