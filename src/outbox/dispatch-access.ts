import type { Tx } from '#db/database.ts';
import { readStop } from '#db/kill-switch.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Intent } from '#domain/intents.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type Appended, appendIntents, type Handing, type Outgoing, urgency } from '#outbox/append.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';
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

type Wanted = { readonly claimed: ClaimedAccess; readonly user: UserAccess };

/** A line whose sealed password does not open is refused alone: thrown, it would hold up all that are claimed with it. */
function openUser(claimed: ClaimedAccess, vault: TenantVault): Result<UserAccess, EnforcerFailure> {
  try {
    return ok(userOf(claimed, vault));
  } catch {
    // The error says nothing more, and might say too much.
    const detail = `The password of ${claimed.intent.username} does not open with the tenant's key: give the line a new one.`;
    return err({ reason: 'rejected', detail });
  }
}

/** All in one transaction of the target; whoever it refuses is left out, so that one bad line hurts nobody else. */
async function applyTogether(enforcer: Enforcer, some: readonly Wanted[]): Promise<readonly Outcome[]> {
  if (some.length === 0) return [];
  const together = await enforcer.applyUsers(some.map(({ user }) => user));
  if (together.ok) {
    return some.map(({ claimed }, i) => {
      const applied = together.value[i];
      return {
        claimed,
        result: applied ? ok(applied) : err({ reason: 'rejected', detail: 'The enforcer left this user out.' }),
      };
    });
  }
  const refused = new Set(together.error.refused ?? []);
  const isOut = ({ user }: Wanted): boolean => refused.has(user.username);
  const claimedOf = (wanted: readonly Wanted[]) => wanted.map(({ claimed }) => claimed);
  const out = some.filter(isOut);
  if (out.length === 0) return failed(claimedOf(some), together.error);
  const rest = some.filter((one) => !isOut(one));
  return [...failed(claimedOf(out), together.error), ...(await applyTogether(enforcer, rest))];
}

async function applyAll(
  enforcer: Enforcer,
  vault: TenantVault,
  some: readonly ClaimedAccess[],
): Promise<readonly Outcome[]> {
  const wanted: Wanted[] = [];
  const refused: Outcome[] = [];
  for (const claimed of some) {
    const user = openUser(claimed, vault);
    if (user.ok) wanted.push({ claimed, user: user.value });
    else refused.push({ claimed, result: user });
  }
  return [...refused, ...(await applyTogether(enforcer, wanted))];
}

/** What was written is told, and whoever is online under other rows is to be sent away. */
async function follow(
  tx: Tx,
  claimed: ClaimedAccess,
  { outcome, rowsChanged, appliedAt }: Applied,
  handing: Handing | null,
): Promise<Appended> {
  const { tenantId, intent, generation, correlationId } = claimed;
  const { subscriptionId, username, desired } = intent;
  const { group } = desired;
  const marked = tx
    .updateTable('access')
    .set({ applied_generation: generation, applied_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', subscriptionId)
    .where((eb) => eb.or([eb('applied_generation', 'is', null), eb('applied_generation', '<', generation)]))
    .execute();
  const data = { group, outcome, rows: rowsChanged, generation: generation.toString() };
  const told = tell(tx, claimed, 'rows', `RADIUS holds ${username} in ${group} (${outcome}).`, data);
  const drop: Outgoing = {
    intent: { kind: 'sessions.drop', subscriptionId, username, group, appliedAt: appliedAt.toISOString() },
    key: username,
    subscriptionId,
    generation,
    urgency: desired.state === 'active' ? urgency.restore : urgency.cut,
    correlationId,
  };
  const [appended] = await Promise.all([
    appendIntents(tx, tenantId, intent.keepSessions ? [] : [drop], handing),
    marked,
    told,
  ]);
  return appended;
}

/** Another has taken the intent up, and writes what follows. */
class TakenOver extends Error {}

/** Writes the verdict and what follows from it in one transaction; null: nothing follows. Throws `TakenOver`. */
async function settle(d: Dispatching, { claimed, result }: Outcome, verdict: Verdict): Promise<Appended | null> {
  return d.db.worker(claimed.tenantId, async (tx) => {
    const isTold = !result.ok && (claimed.attempts === 1 || verdict.state === 'dead');
    const [appended, isMine] = await Promise.all([
      result.ok && result.value.outcome !== 'superseded' ? follow(tx, claimed, result.value, d.handing) : null,
      settleIntent(tx, claimed, verdict),
      isTold && tell(tx, claimed, 'rows_waiting', `The RADIUS rows could not be written: ${result.error.detail}`),
    ]);
    // All of them were under way by then: they are rolled back together.
    if (!isMine) throw new TakenOver();
    return appended;
  });
}

async function settleOne(d: Dispatching, outcome: Outcome): Promise<void> {
  const { claimed, result } = outcome;
  const verdict: Verdict = result.ok
    ? { state: result.value.outcome === 'superseded' ? 'superseded' : 'done' }
    : verdictOf(result.error);
  try {
    const appended = await settle(d, outcome, verdict);
    if (appended) d.handing?.take(appended);
    logAttempt(d.log, claimed, verdict);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
    d.log.info('an intent was taken over while this process was paused', {
      tenant: claimed.tenantId,
      kind: claimed.intent.kind,
      subscription_id: claimed.intent.subscriptionId,
    });
  }
}

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
  await d.db.worker(tenantId, async (tx) => {
    for (const one of cuts) await settleIntent(tx, one, verdict);
  });
  for (const one of cuts) logAttempt(d.log, one, verdict);
  return some.filter((one) => !cuts.includes(one));
}

/** Writes what should be true of users to their enforcer, tenant by tenant; each verdict is a transaction of its own. */
export async function dispatchAccess(d: Dispatching, claimed: readonly ClaimedAccess[]): Promise<void> {
  for (const [tenantId, some] of groupBy(claimed, (one) => one.tenantId)) {
    const enforcer = await d.enforcerOf(tenantId);
    if (!enforcer) {
      await d.db.worker(tenantId, async (tx) => {
        for (const one of some) await settleIntent(tx, one, noEnforcer);
      });
      continue;
    }
    const vault = await d.vaultOf(tenantId);
    const going = await withoutStopped(d, tenantId, some);
    for (const outcome of await applyAll(enforcer, vault, going)) await settleOne(d, outcome);
  }
}
