import { groupBy } from '#domain/group-by.ts';
import type { Intent } from '#domain/intents.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Applied, Enforcer, EnforcerFailure, UserAccess } from '#ports/enforcer/port.ts';

type AccessIntent = Extract<Intent, { kind: 'access.apply' }>;
type ClaimedAccess = Claimed & { readonly intent: AccessIntent };

export const isAccess = (claimed: Claimed): claimed is ClaimedAccess => claimed.intent.kind === 'access.apply';

const userOf = ({ intent, generation }: ClaimedAccess, vault: TenantVault): UserAccess => ({
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

async function settleOne(d: Dispatching, { claimed, result }: Outcome): Promise<void> {
  const verdict: Verdict = result.ok
    ? { state: result.value.outcome === 'superseded' ? 'superseded' : 'done' }
    : verdictOf(result.error);
  await d.db.worker(claimed.tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    if (!result.ok) {
      if (claimed.attempts === 1 || verdict.state === 'dead')
        await tell(tx, claimed, 'rows_waiting', `The RADIUS rows could not be written: ${result.error.detail}`);
      return;
    }
    if (result.value.outcome === 'superseded') return;
    const { intent, generation, correlationId } = claimed;
    await tx
      .updateTable('access')
      .set({ applied_generation: generation, applied_at: new Date() })
      .where('tenant_id', '=', claimed.tenantId)
      .where('subscription_id', '=', intent.subscriptionId)
      .where((eb) => eb.or([eb('applied_generation', 'is', null), eb('applied_generation', '<', generation)]))
      .execute();
    await tell(
      tx,
      claimed,
      'rows',
      `RADIUS holds ${intent.username} in ${intent.desired.group} (${result.value.outcome}).`,
      {
        group: intent.desired.group,
        outcome: result.value.outcome,
        rows: result.value.rowsChanged,
        generation: generation.toString(),
      },
    );
    if (intent.keepSessions) return;
    await appendIntents(tx, claimed.tenantId, [
      {
        intent: {
          kind: 'sessions.drop',
          subscriptionId: intent.subscriptionId,
          username: intent.username,
          group: intent.desired.group,
          appliedAt: result.value.appliedAt.toISOString(),
        },
        key: intent.username,
        subscriptionId: intent.subscriptionId,
        generation,
        urgency: intent.desired.state === 'active' ? urgency.restore : urgency.cut,
        correlationId,
      },
    ]);
  });
  logAttempt(d.log, claimed, verdict);
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
    for (const outcome of await applyAll(enforcer, vault, some)) await settleOne(d, outcome);
  }
}
