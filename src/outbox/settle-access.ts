import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { appendTimeline, type Told } from '#db/timeline.ts';
import type { Result } from '#domain/result.ts';
import {
  type AccessIntent,
  type Appended,
  appendIntents,
  type Handing,
  type Outgoing,
  urgency,
} from '#outbox/append.ts';
import { type Claimed, settleAlike, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, verdictOf } from '#outbox/dispatching.ts';
import { type DropIntent, foreseeSessions, foreseeStanding } from '#outbox/foreseen-sessions.ts';
import { TakenOver, togetherOrEach } from '#outbox/taken-over.ts';
import type { Applied, EnforcerFailure } from '#ports/enforcer/port.ts';

export type ClaimedAccess = Claimed & { readonly intent: AccessIntent };
/** What the enforcer made of an intent. */
export type Outcome = { readonly claimed: ClaimedAccess; readonly result: Result<Applied, EnforcerFailure> };

/** The intents of some. */
export const claimedOf = (some: readonly { readonly claimed: ClaimedAccess }[]): readonly ClaimedAccess[] =>
  some.map(({ claimed }) => claimed);

/** An outcome that stands at the enforcer, and one that does not. */
type Written = { readonly claimed: ClaimedAccess; readonly applied: Applied };
type Failed = { readonly claimed: ClaimedAccess; readonly error: EnforcerFailure; readonly verdict: Verdict };

/** The generation that stands of a line. */
type StandingLine = { readonly id: string; readonly generation: bigint };

/**
 * Notes on the lines what stands at the enforcer now; lines in the order of their ids, so that two workers never deadlock.
 * Answers which decision stands of each: they are locked, so it stands until the commit.
 */
async function markApplied(tx: Tx, tenantId: string, written: readonly Written[]): Promise<readonly StandingLine[]> {
  if (written.length === 0) return [];
  const ids = written.map(({ claimed }) => claimed.intent.subscriptionId);
  const generations = written.map(({ claimed }) => claimed.generation.toString());
  const { rows } = await sql<StandingLine>`
    with line as materialized (
      select subscription_id as id, generation from access
      where tenant_id = ${tenantId} and subscription_id = any(${ids}::uuid[]) order by id for no key update),
    noted as (
      update access a set applied_generation = w.generation, applied_at = ${new Date()}
      from line join unnest(${ids}::uuid[], ${generations}::bigint[]) as w (id, generation) on w.id = line.id
      where a.tenant_id = ${tenantId} and a.subscription_id = line.id
        and (a.applied_generation is null or a.applied_generation < w.generation))
    select id, generation from line`.execute(tx);
  return rows;
}

type Drop = Outgoing & { readonly intent: DropIntent };

/** Sends away whoever is online under other rows than those that stand now. */
function dropOf({ claimed, applied }: Written): Drop {
  const { intent, generation, correlationId } = claimed;
  const { subscriptionId, username, desired } = intent;
  const appliedAt = applied.appliedAt.toISOString();
  return {
    intent: { kind: 'sessions.drop', subscriptionId, username, group: desired.group, appliedAt },
    key: username,
    subscriptionId,
    generation,
    urgency: desired.state === 'active' ? urgency.restore : urgency.cut,
    correlationId,
  };
}

function rowsTold({ claimed, applied: { outcome, rowsChanged: rows } }: Written): Told {
  const { intent, generation, correlationId } = claimed;
  const { subscriptionId, username, desired } = intent;
  const { group } = desired;
  return {
    subscriptionId,
    kind: 'rows',
    text: `RADIUS holds ${username} in ${group} (${outcome}).`,
    correlationId,
    data: { group, outcome, rows, generation: generation.toString() },
  };
}

const waitTold = ({ claimed: { intent, correlationId }, error }: Failed): Told => ({
  subscriptionId: intent.subscriptionId,
  kind: 'rows_waiting',
  text: `The RADIUS rows could not be written: ${error.detail}`,
  correlationId,
  data: {},
});

type Followed = { readonly appended: Appended; readonly standing: readonly StandingLine[] };

/** What was written is told, and what follows from it is appended. */
async function follow(
  tx: Tx,
  tenantId: string,
  { written, drops, refused }: { written: readonly Written[]; drops: readonly Drop[]; refused: readonly Failed[] },
  handing: Handing | null,
): Promise<Followed> {
  const waiting = refused.filter(({ claimed, verdict }) => claimed.attempts === 1 || verdict.state === 'dead');
  const [appended, standing] = await Promise.all([
    appendIntents(tx, tenantId, drops, handing),
    markApplied(tx, tenantId, written),
    appendTimeline(tx, tenantId, [...written.map(rowsTold), ...waiting.map(waitTold)]),
  ]);
  return { appended, standing };
}

/** More are a burst, whose sessions are looked for when their turn comes. */
const few = 4;

/** Writes the verdicts on some intents of a tenant and what follows from them, all in one transaction; throws `TakenOver`. */
async function conclude(d: Dispatching, tenantId: string, outcomes: readonly Outcome[]): Promise<void> {
  const applied = outcomes.flatMap(({ claimed, result }): Written[] =>
    result.ok ? [{ claimed, applied: result.value }] : [],
  );
  const late = applied.filter((one) => one.applied.outcome === 'superseded');
  const written = applied.filter((one) => one.applied.outcome !== 'superseded');
  const refused = outcomes.flatMap(({ claimed, result }): Failed[] =>
    result.ok ? [] : [{ claimed, error: result.error, verdict: verdictOf(result.error) }],
  );
  const drops = written.filter(({ claimed }) => !claimed.intent.keepSessions).map(dropOf);
  // Their rows are committed where sessions are looked for, so these may be looked for while the bridge is told.
  if (d.handing && drops.length <= few) for (const { intent } of drops) foreseeSessions(d, tenantId, intent);
  const { appended, standing } = await d.db.worker(tenantId, async (tx) => {
    const [followed, ...areMine] = await Promise.all([
      follow(tx, tenantId, { written, drops, refused }, d.handing),
      settleAlike(tx, claimedOf(written), 'done'),
      settleAlike(tx, claimedOf(late), 'superseded'),
      ...refused.map(({ claimed, verdict }) => settleIntent(tx, claimed, verdict)),
    ]);
    // All of them were under way by then: they are rolled back together.
    if (areMine.includes(false)) throw new TakenOver();
    return followed;
  });
  foreseeStanding(
    drops.map(({ intent }) => intent),
    standing,
  );
  d.handing?.take(appended);
  for (const claimed of claimedOf(written)) logAttempt(d.log, claimed, { state: 'done' });
  for (const claimed of claimedOf(late)) logAttempt(d.log, claimed, { state: 'superseded' });
  for (const { claimed, verdict } of refused) logAttempt(d.log, claimed, verdict);
}

export const settleAccess = (d: Dispatching, tenantId: string, outcomes: readonly Outcome[]): Promise<void> =>
  togetherOrEach(d, outcomes, (some) => conclude(d, tenantId, some));
