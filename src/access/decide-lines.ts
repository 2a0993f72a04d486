import { sql } from 'kysely';
import { loadFacts } from '#access/load-facts.ts';
import { readPolicy } from '#access/policy.ts';
import { type Decided, hashOf, saveDecisions } from '#access/save-decisions.ts';
import type { Database, Tx } from '#db/database.ts';
import { decideAccess } from '#decide/access.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Clock } from '#platform/clock.ts';

/**
 * Takes the marks of some lines and decides about them, in one transaction: a mark's row is the lock, so two workers
 * never decide about one line at once, and a fact that commits meanwhile marks the line anew.
 */
async function decideMarked(tx: Tx, tenantId: string, ids: readonly string[], now: number): Promise<number> {
  const marks = await tx
    .deleteFrom('dirty_lines')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', 'in', (eb) =>
      eb
        .selectFrom('dirty_lines')
        .select('subscription_id')
        .where('tenant_id', '=', tenantId)
        .where('subscription_id', 'in', ids)
        .orderBy('subscription_id')
        .forUpdate()
        .skipLocked(),
    )
    .returning(['subscription_id', 'correlation_id', 'cause'])
    .execute();
  if (marks.length === 0) return 0;
  const dirtyOf = new Map(
    marks.map((mark) => [mark.subscription_id, { correlationId: mark.correlation_id, cause: mark.cause }]),
  );
  const tenant = await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow();
  const policy = readPolicy(tenant.settings);
  const decided = (await loadFacts(tx, tenantId, [...dirtyOf.keys()])).map((line): Decided => {
    const decision = decideAccess(line.facts, policy, now);
    const dirty = dirtyOf.get(line.facts.subscriptionId) ?? { correlationId: '', cause: '' };
    return { line, decision, dirty, hash: hashOf(line, decision) };
  });
  await saveDecisions(tx, tenantId, decided, policy.language, now);
  return decided.length;
}

/** How many lines one transaction decides about. */
const batch = 500;

/** Decides about one marked line at once, for whoever waits for the answer. */
export const decideLine = (db: Database, clock: Clock, tenantId: string, subscriptionId: string): Promise<number> =>
  db.worker(tenantId, (tx) => decideMarked(tx, tenantId, [subscriptionId], clock()));

/** Decides about marked lines of active tenants; answers about how many (0: nothing waits). */
export async function decideDirtyLines(db: Database, clock: Clock): Promise<number> {
  const due = await db.claims((tx) =>
    tx
      .selectFrom('dirty_lines as d')
      .innerJoin('tenants as t', 't.id', 'd.tenant_id')
      .where('t.is_active', '=', true)
      .where('d.not_before', '<=', sql<Date>`now()`)
      .select(['d.tenant_id', 'd.subscription_id'])
      .orderBy('d.since')
      .limit(batch)
      .execute(),
  );
  let count = 0;
  for (const [tenantId, marks] of groupBy(due, (mark) => mark.tenant_id)) {
    const ids = marks.map((mark) => mark.subscription_id);
    count += await db.worker(tenantId, (tx) => decideMarked(tx, tenantId, ids, clock()));
  }
  return count;
}
