import type { Log } from '#platform/log.ts';
import { newCorrelationId } from '#platform/log.ts';
import type { AssetTracker, TrackedAsset, TrackedMove } from '#ports/asset-tracker/port.ts';
import {
  type FollowingAssets,
  NotFollowed,
  noteFeed,
  noteGone,
  readFeed,
  recordHistory,
  recordSeen,
} from './asset-feed.ts';
import { askRun } from './runs.ts';
import { walkAssets } from './walk-assets.ts';

/** A look reads so many units beside each other. */
const readsAtATime = 4;

type Looked = { readonly seen: readonly TrackedAsset[]; readonly gone: readonly string[] };

/** A row says that something became of a unit, and the unit says what: each is read again. */
async function readEach(tracker: AssetTracker, named: readonly string[]): Promise<Looked> {
  const refs = [...new Set(named)];
  const [seen, gone]: [TrackedAsset[], string[]] = [[], []];
  const next = refs[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: readsAtATime }, async () => {
      for (const ref of next) {
        const unit = await tracker.read(ref);
        if (!unit.ok) throw new NotFollowed(unit.error);
        if (unit.value === null) gone.push(ref);
        else if (unit.value.serial !== null) seen.push(unit.value);
      }
    }),
  );
  return { seen, gone };
}

type Page = { readonly moves: readonly TrackedMove[]; readonly isMore: boolean };

async function pageAfter(tracker: AssetTracker, mark: number): Promise<Page> {
  const page = await tracker.feed?.movesAfter(mark);
  if (!page) return { moves: [], isMore: false };
  if (!page.ok) throw new NotFollowed(page.error);
  return page.value;
}

const highest = (mark: number, moves: readonly TrackedMove[]): number =>
  moves.reduce((top, { no }) => Math.max(top, no), mark);

/** Takes in what is above the mark. Rows up to `readUpTo` lead to units that were all just seen. */
async function follow(f: FollowingAssets, tenantId: string, tracker: AssetTracker, readUpTo: number): Promise<number> {
  let { mark } = await readFeed(f.db, tenantId);
  let changed = 0;
  for (let isMore = true; isMore; ) {
    const page = await pageAfter(tracker, mark);
    const { seen, gone } = await readEach(
      tracker,
      page.moves.flatMap(({ no, ref }) => (no > readUpTo && ref !== null ? [ref] : [])),
    );
    const top = highest(mark, page.moves);
    changed += await f.db.worker(tenantId, async (tx) => {
      const units = await recordSeen(tx, tenantId, seen);
      await recordHistory(tx, tenantId, page.moves, units);
      const left = await noteGone(tx, tenantId, gone);
      await noteFeed(tx, tenantId, { mark: top });
      return units.length + left;
    });
    isMore = page.isMore && top > mark;
    mark = top;
  }
  return changed;
}

/** The newest row that there is: all that comes up to it is seen by a walk that begins afterwards. */
async function topOf(tracker: AssetTracker, mark: number): Promise<number> {
  let top = mark;
  for (let isMore = true; isMore; ) {
    const page = await pageAfter(tracker, top);
    const next = highest(top, page.moves);
    isMore = page.isMore && next > top;
    top = next;
  }
  return top;
}

/** Not every change leaves a row: what a hint has named is looked at for itself. */
async function lookAt(
  f: FollowingAssets,
  tenantId: string,
  tracker: AssetTracker,
  refs: readonly string[],
): Promise<number> {
  const { seen, gone } = await readEach(tracker, refs);
  return f.db.worker(tenantId, async (tx) => {
    const units = await recordSeen(tx, tenantId, seen);
    return units.length + (await noteGone(tx, tenantId, gone));
  });
}

async function followTracker(
  f: FollowingAssets,
  tenantId: string,
  tracker: AssetTracker,
  hinted: readonly string[],
): Promise<number> {
  const { mark, isWalked } = await readFeed(f.db, tenantId);
  if (isWalked) return (await follow(f, tenantId, tracker, 0)) + (await lookAt(f, tenantId, tracker, hinted));
  const top = await topOf(tracker, mark);
  const changed = await walkAssets(f, tenantId);
  return changed + (await follow(f, tenantId, tracker, top));
}

/** Whether the mirror agrees with what stands is judged by a run of its own. */
const askJudgement = ({ db }: FollowingAssets, tenantId: string): Promise<unknown> =>
  db.worker(tenantId, (tx) => askRun(tx, tenantId, 'assets', 'assets', newCorrelationId()));

async function following(
  f: FollowingAssets & { readonly log: Log },
  tenantId: string,
  work: (tracker: AssetTracker) => Promise<number>,
): Promise<number> {
  const tracker = await f.trackerOf(tenantId);
  if (!tracker.feed) return 0;
  try {
    const changed = await work(tracker);
    if (changed > 0) await askJudgement(f, tenantId);
    return changed;
  } catch (error) {
    if (!(error instanceof NotFollowed)) throw error;
    await f.db.worker(tenantId, (tx) => noteFeed(tx, tenantId, { failure: error }));
    f.log.warn('the stock could not be followed; nothing is concluded from it', {
      tenant: tenantId,
      error: error.message,
      next: 'it is asked again in a minute',
    });
    return 0;
  }
}

/**
 * Takes into the mirror what became of a tenant's units in its tracker, whoever did it (spec A1): what is above the mark of
 * its history, and of each unit touched how it is now. The first time all units are seen. A tracker that is out of reach,
 * or not itself, changes nothing. `hinted`: units to look at in any case. Answers how many units have changed.
 */
export const followAssets = (
  f: FollowingAssets & { readonly log: Log },
  tenantId: string,
  hinted: readonly string[] = [],
): Promise<number> => following(f, tenantId, (tracker) => followTracker(f, tenantId, tracker, hinted));

/** The same by looking at every unit, once a night: not every change leaves a row. */
export const compareAssets = (f: FollowingAssets & { readonly log: Log }, tenantId: string): Promise<number> =>
  following(f, tenantId, () => walkAssets(f, tenantId));
