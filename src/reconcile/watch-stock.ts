import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';

/** A stock system that cannot be followed since then, or could not until then. */
type StockNews =
  | { readonly isAway: true; readonly since: Date; readonly detail: string }
  | { readonly isAway: false; readonly since: Date; readonly until: Date };

/** Tells a tenant's people and systems, in the transaction that notes it: each outage is told once, and its end once. */
type TellStock = (tx: Tx, tenantId: string, news: StockNews) => Promise<void>;

/** It is looked at each minute: three looks have failed, and the next tells within the five minutes of REL-11. */
const awayAfterMs = 150_000;

/** Of two processes that see it at once one notes it. */
const noteAway = (tx: Tx, tenantId: string) =>
  sql<{ since: Date; detail: string }>`
    update asset_feeds set told_at = now()
    where tenant_id = ${tenantId} and error is not null and told_at is null
      and failing_since <= now() - ${awayAfterMs} * interval '1 ms'
    returning failing_since as since, error as detail`.execute(tx);

const noteBack = (tx: Tx, tenantId: string) =>
  sql<{ since: Date; until: Date }>`
    with was as (
      select tenant_id, failing_since from asset_feeds
      where tenant_id = ${tenantId} and error is null and told_at is not null for update)
    update asset_feeds f set told_at = null, failing_since = null from was where f.tenant_id = was.tenant_id
    returning was.failing_since as since, f.looked_at as until`.execute(tx);

/**
 * Tells of a tenant's stock system that could not be followed for some minutes, and of its return: scans wait meanwhile, and
 * what people move there is not seen, so a person must know. Whoever follows it has noted how the last look went.
 */
export const watchStock = (db: Database, tenantId: string, tell: TellStock): Promise<void> =>
  db.worker(tenantId, async (tx) => {
    const [back, away] = await Promise.all([noteBack(tx, tenantId), noteAway(tx, tenantId)]);
    for (const news of back.rows) await tell(tx, tenantId, { isAway: false, ...news });
    for (const news of away.rows) await tell(tx, tenantId, { isAway: true, ...news });
  });
