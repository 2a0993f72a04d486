import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readStop } from '#db/kill-switch.ts';
import { appendTimeline, type Told } from '#db/timeline.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Intent } from '#domain/intents.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type Appended, appendIntents, type Handing, type Outgoing, urgency } from '#outbox/append.ts';
import { type Claimed, settleAlike, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, verdictOf } from '#outbox/dispatching.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Applied, Enforcer, EnforcerFailure, UserAccess } from '#ports/enforcer/port.ts';

type AccessIntent = Extract<Intent, { kind: 'access.apply' }>;
type ClaimedAccess = Claimed & { readonly intent: AccessIntent };

export const isAccess = (claimed: Claimed): claimed is ClaimedAccess => claimed.intent.kind === 'access.apply';

export const userOf = ({ intent, generation }: ClaimedAccess, vault: TenantVault): UserAccess => ({
  username: intent.username,
  generation,
  group: intent.desired.group,
  password: vault.open(intent.passwordSealed, {
    table: 'subscriptions',
    column: 'password',
    row: intent.subscriptionId,
  }),
  mac: intent.desired.mac,
  reply: intent.desired.reply,
});

type Outcome = { readonly claimed: ClaimedAccess; readonly result: Result<Applied, EnforcerFailure> };

const failed = (some: readonly ClaimedAccess[], error: EnforcerFailure): Outcome[] =>
  some.map((claimed) => ({ claimed, result: err(error) }));

/** All in one transaction of the target; whoever it refuses is left out, so that one bad line hurts nobody else. */
async function applyAll(
  enforcer: Enforcer,
  vault: TenantVault,
  some: readonly ClaimedAccess[],
): Promise<readonly Outcome[]> {
  if (some.length === 0) return [];
  const together = await enforcer.applyUsers(some.map((claimed) => userOf(claimed, vault)));
  if (together.ok) {
    return some.map((claimed, i) => {
      const applied = together.value[i];
      return {
        claimed,
        result: applied ? ok(applied) : err({ reason: 'rejected', detail: 'The enforcer left this user out.' }),
      };
    });
  }
  const refused = new Set(together.error.refused ?? []);
  const out = some.filter(({ intent }) => refused.has(intent.username));
  if (out.length === 0) return failed(some, together.error);
  const rest = some.filter(({ intent }) => !refused.has(intent.username));
  return [...failed(out, together.error), ...(await applyAll(enforcer, vault, rest))];
}

/** An outcome that stands at the enforcer, and one that does not. */
type Written = { readonly claimed: ClaimedAccess; readonly applied: Applied };
type Failed = { readonly claimed: ClaimedAccess; readonly error: EnforcerFailure; readonly verdict: Verdict };

/** Notes on the lines what stands at the enforcer now; lines in the order of their ids, so that two workers never deadlock. */
function markApplied(tx: Tx, tenantId: string, written: readonly Written[]) {
  const ids = written.map(({ claimed }) => claimed.intent.subscriptionId);
  const generations = written.map(({ claimed }) => claimed.generation.toString());
  return sql`
    with line as materialized (
      select subscription_id as id from access
      where tenant_id = ${tenantId} and subscription_id = any(${ids}::uuid[]) order by id for no key update)
    update access a set applied_generation = w.generation, applied_at = ${new Date()}
    from line join unnest(${ids}::uuid[], ${generations}::bigint[]) as w (id, generation) on w.id = line.id
    where a.tenant_id = ${tenantId} and a.subscription_id = line.id
      and (a.applied_generation is null or a.applied_generation < w.generation)`.execute(tx);
}

/** Sends away whoever is online under other rows than those that stand now. */
function dropOf({ claimed, applied }: Written): Outgoing {
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

/** What was written is told, and what follows from it is appended. */
async function follow(
  tx: Tx,
  tenantId: string,
  written: readonly Written[],
  failed: readonly Failed[],
  handing: Handing | null,
): Promise<Appended> {
  const drops = written.filter(({ claimed }) => !claimed.intent.keepSessions).map(dropOf);
  const waiting = failed.filter(({ claimed, verdict }) => claimed.attempts === 1 || verdict.state === 'dead');
  const [appended] = await Promise.all([
    appendIntents(tx, tenantId, drops, handing),
    written.length > 0 && markApplied(tx, tenantId, written),
    appendTimeline(tx, tenantId, [...written.map(rowsTold), ...waiting.map(waitTold)]),
  ]);
  return appended;
}

/** Writes the verdicts on some intents of a tenant and what follows from them, all in one transaction. */
async function settle(d: Dispatching, tenantId: string, outcomes: readonly Outcome[]): Promise<void> {
  const applied = outcomes.flatMap(({ claimed, result }): Written[] =>
    result.ok ? [{ claimed, applied: result.value }] : [],
  );
  const [late, written] = [
    applied.filter((one) => one.applied.outcome === 'superseded'),
    applied.filter((one) => one.applied.outcome !== 'superseded'),
  ];
  const failed = outcomes.flatMap(({ claimed, result }): Failed[] =>
    result.ok ? [] : [{ claimed, error: result.error, verdict: verdictOf(result.error) }],
  );
  const appended = await d.db.worker(tenantId, async (tx) => {
    const [followed] = await Promise.all([
      follow(tx, tenantId, written, failed, d.handing),
      settleAlike(tx, claimedOf(written), 'done'),
      settleAlike(tx, claimedOf(late), 'superseded'),
      ...failed.map(({ claimed, verdict }) => settleIntent(tx, claimed, verdict)),
    ]);
    return followed;
  });
  d.handing?.take(appended);
  for (const claimed of claimedOf(written)) logAttempt(d.log, claimed, { state: 'done' });
  for (const claimed of claimedOf(late)) logAttempt(d.log, claimed, { state: 'superseded' });
  for (const { claimed, verdict } of failed) logAttempt(d.log, claimed, verdict);
}

const claimedOf = (some: readonly { readonly claimed: ClaimedAccess }[]): readonly ClaimedAccess[] =>
  some.map(({ claimed }) => claimed);

/** Asked again after so long whether the kill switch is still on; a newer decision goes its way meanwhile. */
const stoppedMs = 5_000;

/** Cuts wait while a kill switch is on, though they were decided before it was (spec B8); the others are answered. */
async function withoutStopped(
  d: Dispatching,
  tenantId: string,
  some: readonly ClaimedAccess[],
): Promise<readonly ClaimedAccess[]> {
  const cuts = some.filter(({ intent }) => intent.desired.state === 'isolated');
  const stop = cuts.length === 0 ? null : await d.db.look(tenantId, (tx) => readStop(tx, tenantId));
  if (!stop) return some;
  const verdict: Verdict = { state: 'later', error: `the kill switch is on: ${stop.reason}`, waitMs: stoppedMs };
  await d.db.worker(tenantId, (tx) => Promise.all(cuts.map((one) => settleIntent(tx, one, verdict))));
  for (const one of cuts) logAttempt(d.log, one, verdict);
  return some.filter((one) => !cuts.includes(one));
}

/** Writes what should be true of users to their enforcer, tenant by tenant. */
export async function dispatchAccess(d: Dispatching, claimed: readonly ClaimedAccess[]): Promise<void> {
  for (const [tenantId, some] of groupBy(claimed, (one) => one.tenantId)) {
    const enforcer = await d.enforcerOf(tenantId);
    if (!enforcer) {
      await d.db.worker(tenantId, (tx) => Promise.all(some.map((one) => settleIntent(tx, one, noEnforcer))));
      continue;
    }
    const vault = await d.vaultOf(tenantId);
    const going = await withoutStopped(d, tenantId, some);
    if (going.length > 0) await settle(d, tenantId, await applyAll(enforcer, vault, going));
  }
}
