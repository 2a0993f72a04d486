import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { hasShrunk } from '#domain/source-size.ts';
import type { AssetFeed, AssetTracker } from '#ports/asset-tracker/port.ts';
import { type FollowingAssets, NotFollowed, noteFeed, noteGone, recordSeen } from './asset-feed.ts';

/** A walk looks at each this often before it believes that it is gone. */
const asksAtATime = 100;

/** Units of the mirror that a walk which began then has not seen. */
const unseen = (db: Database, tenantId: string, since: Date, after: string) =>
  db.look(tenantId, async (tx) => {
    const { rows } = await sql<{ tracker_ref: string }>`
      select tracker_ref from assets where tenant_id = ${tenantId} and tracker = 'inventree' and gone_at is null
        and created_at < ${since} and tracker_ref > ${after}
      order by tracker_ref limit ${asksAtATime}`.execute(tx);
    return rows.map((row) => row.tracker_ref);
  });

async function countKnown(db: Database, tenantId: string): Promise<{ readonly units: number; readonly now: Date }> {
  const { rows } = await db.look(tenantId, (tx) =>
    sql<{ units: number; now: Date }>`
      select count(*)::int as units, now() as now from assets
      where tenant_id = ${tenantId} and tracker = 'inventree' and gone_at is null`.execute(tx),
  );
  return rows[0] ?? { units: 0, now: new Date() };
}

/** The numbers of all units that the tracker lists, some bytes each; the units themselves are written page by page. */
async function seeAll(
  db: Database,
  tenantId: string,
  feed: AssetFeed,
): Promise<{ refs: Set<string>; changed: number }> {
  const refs = new Set<string>();
  let changed = 0;
  for (let page: string | null | undefined; page !== null; ) {
    const answer = await feed.walk(page ?? null);
    if (!answer.ok) throw new NotFollowed(answer.error);
    const { rows, next } = answer.value;
    for (const { ref } of rows) refs.add(ref);
    changed += (await db.worker(tenantId, (tx) => recordSeen(tx, tenantId, rows))).length;
    page = next;
  }
  return { refs, changed };
}

/** What was not listed is asked for by itself: only what the tracker does not know is gone. */
async function proveGone(
  { db }: FollowingAssets,
  tenantId: string,
  tracker: AssetTracker,
  refs: ReadonlySet<string>,
  began: Date,
): Promise<number> {
  const gone: string[] = [];
  for (let after = ''; ; ) {
    const some = await unseen(db, tenantId, began, after);
    for (const ref of some.filter((one) => !refs.has(one))) {
      const looked = await tracker.read(ref);
      if (!looked.ok) throw new NotFollowed(looked.error);
      if (looked.value === null) gone.push(ref);
    }
    after = some.at(-1) ?? '';
    if (some.length < asksAtATime) break;
  }
  return db.worker(tenantId, (tx) => noteGone(tx, tenantId, gone));
}

/**
 * Compares the whole mirror with the tracker: what was changed without leaving a row in its history is found here (spec
 * A1). A list that is empty, or has shrunk by more than a fifth, is not believed, and nothing is gone by it. Answers how
 * many units have changed.
 */
export async function walkAssets(f: FollowingAssets, tenantId: string): Promise<number> {
  const tracker = await f.trackerOf(tenantId);
  if (!tracker.feed) return 0;
  const known = await countKnown(f.db, tenantId);
  const { refs, changed } = await seeAll(f.db, tenantId, tracker.feed);
  if (hasShrunk({ rows: refs.size, expected: known.units }))
    throw new NotFollowed({
      reason: 'rejected',
      detail: `it lists ${refs.size} units, and ${known.units} are known: not believed`,
    });
  const gone = await proveGone(f, tenantId, tracker, refs, known.now);
  await f.db.worker(tenantId, (tx) => noteFeed(tx, tenantId, { walked: true }));
  return changed + gone;
}
