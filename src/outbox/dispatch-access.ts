import type { Database } from '#db/database.ts';
import { readStop, type Stop } from '#db/kill-switch.ts';
import { groupBy } from '#domain/group-by.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer } from '#outbox/dispatching.ts';
import { createEarlyLooks } from '#outbox/early-look.ts';
import { type ClaimedAccess, claimedOf, type Outcome, settleAccess } from '#outbox/settle-access.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Enforcer, EnforcerFailure, UserAccess } from '#ports/enforcer/port.ts';

export const isAccess = (claimed: Claimed): claimed is ClaimedAccess => claimed.intent.kind === 'access.apply';

export const userOf = (
  { intent, generation }: Pick<ClaimedAccess, 'intent' | 'generation'>,
  vault: TenantVault,
): UserAccess => ({
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

/** Asked again after so long whether the kill switch is still on; a newer decision goes its way meanwhile. */
const stoppedMs = 5_000;

const isCut = ({ intent }: ClaimedAccess): boolean => intent.desired.state === 'isolated';

/** As long as a slow commit takes. */
const slowCommitMs = 100;

const stops = createEarlyLooks<Claimed['intent'], { readonly stop: Stop | null }>(slowCommitMs);

const lookAtSwitch = async (db: Database, tenantId: string): Promise<{ readonly stop: Stop | null }> => ({
  stop: await db.look(tenantId, (tx) => readStop(tx, tenantId)),
});

/**
 * Reads the kill switch for cuts that are about to be handed over, while the decision about them is being committed: past
 * that, the next thing is to write their rows.
 */
export function foreseeCuts(db: Database, claimed: readonly Claimed[]): void {
  for (const one of claimed.filter(isAccess).filter(isCut))
    stops.begin(one.intent, () => lookAtSwitch(db, one.tenantId));
}

/** The kill switch as it stands now; what was read for a cut on its way here is not read again. */
async function stopOf(d: Dispatching, tenantId: string, cuts: readonly ClaimedAccess[]): Promise<Stop | null> {
  const [only, ...others] = cuts;
  if (!only) return null;
  const early = others.length === 0 ? await stops.take(only.intent) : null;
  return (early ?? (await lookAtSwitch(d.db, tenantId))).stop;
}

/** Cuts wait while a kill switch is on, though they were decided before it was (spec B8); the others are answered. */
async function withoutStopped(
  d: Dispatching,
  tenantId: string,
  some: readonly ClaimedAccess[],
): Promise<readonly ClaimedAccess[]> {
  const cuts = some.filter(isCut);
  const stop = await stopOf(d, tenantId, cuts);
  if (!stop) return some;
  const verdict: Verdict = { state: 'later', error: `the kill switch is on: ${stop.reason}`, waitMs: stoppedMs };
  await d.db.worker(tenantId, (tx) => Promise.all(cuts.map((one) => settleIntent(tx, one, verdict))));
  for (const one of cuts) logAttempt(d.log, one, verdict);
  return some.filter((one) => !cuts.includes(one));
}

/** What was written while the decision about it was being committed, and stands now; null: it is to be written. */
async function foreseen(d: Dispatching, some: readonly ClaimedAccess[]): Promise<readonly Outcome[] | null> {
  const [only, ...others] = some;
  if (!only || others.length > 0) return null;
  const result = await d.handing?.rows?.commit(only.intent);
  return result ? [{ claimed: only, result }] : null;
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
    if (going.length === 0) continue;
    await settleAccess(d, tenantId, (await foreseen(d, going)) ?? (await applyAll(enforcer, vault, going)));
  }
}
