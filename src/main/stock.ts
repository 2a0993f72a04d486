import type { Database } from '#db/database.ts';
import { createFollowMove } from '#journeys/scans/follow-move.ts';
import { createResume } from '#journeys/scans/resume-scans.ts';
import type { Stocking } from '#outbox/dispatching.ts';
import type { Clock } from '#platform/clock.ts';

/** What the dispatchers move units with, and what follows from it. */
export const createStock = (db: Database, clock: Clock, trackerOf: Stocking['trackerOf']): Stocking => ({
  trackerOf,
  moved: createFollowMove(clock),
  resume: createResume(db),
});
