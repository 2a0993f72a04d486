import { sql } from 'kysely';
import { groupBy } from '#domain/group-by.ts';
import { type Log, newCorrelationId, withCorrelation } from '#platform/log.ts';
import type { FollowingAssets } from './asset-feed.ts';
import { followAssets } from './follow-assets.ts';

const atATime = 200;

type Hint = { readonly tenant_id: string; readonly ref: string };

/**
 * Looks at units that InvenTree's plugin has named, and at all that has happened there since the last look. Hints that it
 * could not follow are not kept: the next look by the clock is the truth. Answers how many there were.
 */
export async function followHints(f: FollowingAssets & { readonly log: Log }): Promise<number> {
  const hints = await f.db.claims(async (tx) => {
    const { rows } = await sql<Hint>`
      delete from asset_hints h using (select tenant_id, ref from asset_hints order by hinted_at limit ${atATime}
        for update skip locked) due
      where h.tenant_id = due.tenant_id and h.ref = due.ref returning h.tenant_id, h.ref`.execute(tx);
    return rows;
  });
  for (const [tenantId, some] of groupBy(hints, (hint) => hint.tenant_id)) {
    const refs = some.map(({ ref }) => ref);
    await withCorrelation(newCorrelationId(), () => followAssets(f, tenantId, refs));
  }
  return hints.length;
}
