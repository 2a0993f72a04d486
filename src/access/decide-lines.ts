import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type LoadedLine, loadFacts } from '#access/load-facts.ts';
import { askCustomer, markDocuments } from '#access/mark-dirty.ts';
import { readPolicy } from '#access/policy.ts';
import type { Database, Tx } from '#db/database.ts';
import { type Decision, decideAccess } from '#decide/access.ts';
import { groupBy } from '#domain/group-by.ts';
import { type Language, reasonText } from '#domain/reason.ts';
import { appendIntents, type Outgoing, urgency } from '#outbox/append.ts';
import type { Clock } from '#platform/clock.ts';

type Dirty = { readonly correlationId: string; readonly cause: string };
type Decided = { readonly line: LoadedLine; readonly decision: Decision; readonly dirty: Dirty; readonly hash: string };
type Generated = Decided & { readonly generation: bigint };

/** Equal if and only if the enforcer would hold the same. */
const hashOf = (line: LoadedLine, decision: Decision): string =>
  createHash('sha256')
    .update(JSON.stringify([decision.desired, line.username, line.passwordSealed]))
    .digest('hex');

const isChanged = ({ line, hash }: Decided): boolean => line.decided?.hash !== hash;
const isToldAnew = ({ line, decision }: Decided): boolean =>
  JSON.stringify(line.decided?.reason) !== JSON.stringify(decision.reason);

async function takeGenerations(tx: Tx, count: number): Promise<bigint[]> {
  const { rows } = await sql<{
    g: bigint;
  }>`select nextval('access_generation') as g from generate_series(1, ${count})`.execute(tx);
  return rows.map((row) => row.g).sort((a, b) => (a < b ? -1 : 1));
}

async function saveAccess(tx: Tx, tenantId: string, changed: readonly Generated[], now: number): Promise<void> {
  if (changed.length === 0) return;
  await tx
    .insertInto('access')
    .values(
      changed.map(({ line, decision, hash, generation }) => ({
        tenant_id: tenantId,
        subscription_id: line.facts.subscriptionId,
        state: decision.desired.state,
        desired: JSON.stringify(decision.desired),
        reason: JSON.stringify(decision.reason),
        evidence: JSON.stringify({ needed: decision.needsEvidence, readAt: line.facts.ledger?.readAt ?? null }),
        hash,
        generation,
        decided_at: new Date(now),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'subscription_id']).doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        desired: eb.ref('excluded.desired'),
        reason: eb.ref('excluded.reason'),
        evidence: eb.ref('excluded.evidence'),
        hash: eb.ref('excluded.hash'),
        generation: eb.ref('excluded.generation'),
        decided_at: eb.ref('excluded.decided_at'),
      })),
    )
    .execute();
}

/** A line that was first served now keeps that for ever: prepaid goes back to `pending` never again (spec R4). */
async function saveActivation(tx: Tx, tenantId: string, decided: readonly Decided[], now: number): Promise<void> {
  const first = decided.filter(
    ({ line, decision }) => decision.desired.state === 'active' && !line.facts.activatedBefore,
  );
  if (first.length === 0) return;
  await tx
    .updateTable('subscriptions')
    .set({ activated_at: new Date(now) })
    .where('tenant_id', '=', tenantId)
    .where(
      'id',
      'in',
      first.map(({ line }) => line.facts.subscriptionId),
    )
    .execute();
}

/** The rows change at the enforcer; sessions stay where a line is served for the first time (nothing was cut). */
function intentOf({ line, decision, dirty, generation }: Generated): Outgoing {
  const { desired } = decision;
  const wasServed = line.facts.present === 'active' || line.facts.present === null;
  return {
    intent: {
      kind: 'access.apply',
      subscriptionId: line.facts.subscriptionId,
      username: line.username,
      passwordSealed: line.passwordSealed,
      desired,
      keepSessions: line.facts.present === null && desired.state === 'active',
    },
    key: line.username,
    subscriptionId: line.facts.subscriptionId,
    generation,
    urgency: desired.state === 'active' ? urgency.restore : wasServed ? urgency.cut : urgency.other,
    correlationId: dirty.correlationId,
  };
}

async function saveTimeline(tx: Tx, tenantId: string, told: readonly Generated[], language: Language): Promise<void> {
  if (told.length === 0) return;
  await tx
    .insertInto('timeline')
    .values(
      told.map(({ line, decision, dirty, generation }) => ({
        tenant_id: tenantId,
        subscription_id: line.facts.subscriptionId,
        kind: 'decision',
        text: `${decision.desired.state}: ${reasonText(decision.reason, language)}`,
        correlation_id: dirty.correlationId,
        data: JSON.stringify({
          state: decision.desired.state,
          was: line.facts.present,
          group: decision.desired.group,
          reason: decision.reason,
          cause: dirty.cause,
          generation: generation.toString(),
        }),
      })),
    )
    .execute();
}

async function saveWakes(tx: Tx, tenantId: string, decided: readonly Decided[]): Promise<void> {
  await tx
    .deleteFrom('wakes')
    .where('tenant_id', '=', tenantId)
    .where(
      'subscription_id',
      'in',
      decided.map(({ line }) => line.facts.subscriptionId),
    )
    .execute();
  const wakes = decided.flatMap(({ line, decision }) =>
    decision.lookAgainAt === null
      ? []
      : [{ tenant_id: tenantId, subscription_id: line.facts.subscriptionId, at: new Date(decision.lookAgainAt) }],
  );
  if (wakes.length > 0) await tx.insertInto('wakes').values(wakes).execute();
}

async function askForEvidence(tx: Tx, tenantId: string, decided: readonly Decided[]): Promise<void> {
  const asking = decided.filter(({ decision }) => decision.needsEvidence);
  await markDocuments(
    tx,
    tenantId,
    asking.flatMap(({ line, dirty }) =>
      line.ledgerCustomer === null
        ? []
        : [{ doctype: askCustomer, name: line.ledgerCustomer, correlationId: dirty.correlationId }],
    ),
  );
}

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

async function saveDecisions(
  tx: Tx,
  tenantId: string,
  decided: readonly Decided[],
  language: Language,
  now: number,
): Promise<void> {
  const changed = decided.filter(isChanged);
  const generations = changed.length > 0 ? await takeGenerations(tx, changed.length) : [];
  const moved = changed.map((one, i): Generated => ({ ...one, generation: generations[i] ?? 0n }));
  const same = decided
    .filter((one) => !isChanged(one) && isToldAnew(one))
    .map((one): Generated => ({ ...one, generation: one.line.decided?.generation ?? 0n }));
  await saveAccess(tx, tenantId, [...moved, ...same], now);
  await saveActivation(tx, tenantId, decided, now);
  await saveTimeline(tx, tenantId, [...moved, ...same], language);
  await saveWakes(tx, tenantId, decided);
  await askForEvidence(tx, tenantId, decided);
  await appendIntents(tx, tenantId, moved.map(intentOf));
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
