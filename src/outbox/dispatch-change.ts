import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';
import { readRouters, routersOf } from '#outbox/routers.ts';
import { readAccess, readHistory } from '#outbox/session-history.ts';
import { forgetEnded, orderEach } from '#outbox/session-orders.ts';
import { remedyForRows } from '#outbox/session-remedy.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';

type ChangeIntent = Extract<Intent, { kind: 'sessions.change' }>;

async function change(d: Dispatching, enforcer: Enforcer, claimed: Claimed, intent: ChangeIntent): Promise<Verdict> {
  const { subscriptionId, username, group } = intent;
  const open = await enforcer.openSessions(username);
  if (!open.ok) return verdictOf(open.error);
  const { tenantId } = claimed;
  const addresses = [...new Set(open.value.map(({ nasAddress }) => nasAddress))];
  const [found, history] = await d.db.look(tenantId, (tx) =>
    Promise.all([readRouters(tx, tenantId, addresses), readHistory(tx, tenantId, subscriptionId, [group], open.value)]),
  );
  const newest = history.versions.get(group)?.at(-1)?.generation ?? 0n;
  // A line that has left the group is brought along by its own decision, a newer speed by its own intent.
  if (history.access?.group !== group || newest > claimed.generation) return { state: 'superseded' };
  const appliedAt = new Date(intent.appliedAt);
  const remedies = open.value.map((session) => [session, remedyForRows(session, group, appliedAt, history)] as const);
  const routers = routersOf(found, await d.vaultOf(tenantId));
  const isStanding = async (): Promise<boolean> => {
    const { rows } = await d.db.look(tenantId, (tx) => readAccess(tx, tenantId, subscriptionId));
    return rows[0]?.group === group;
  };
  const ordering = { claimed, subscriptionId, username, group, routers, history, isStanding };
  const verdict = await orderEach(d, enforcer, ordering, remedies);
  if (verdict.state === 'done') await forgetEnded(d, ordering, open.value);
  return verdict;
}

/** Brings one line's sessions to the rows that their group holds now (spec R2): told as they run, else sent away. */
export async function dispatchChange(d: Dispatching, claimed: Claimed, intent: ChangeIntent): Promise<void> {
  const enforcer = await d.enforcerOf(claimed.tenantId);
  const verdict = enforcer ? await change(d, enforcer, claimed, intent) : noEnforcer;
  await d.db.worker(claimed.tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    if (verdict.state === 'dead') await tell(tx, claimed, 'coa_failed', verdict.error);
  });
  logAttempt(d.log, claimed, verdict);
}
