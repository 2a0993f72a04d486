import { sql } from 'kysely';
import { servedUnder } from '#db/changed-sessions.ts';
import type { Tx } from '#db/database.ts';
import { tenantKey } from '#domain/groups.ts';
import type { Intent } from '#domain/intents.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, verdictOf } from '#outbox/dispatching.ts';
import { readVersions } from '#outbox/session-history.ts';
import type { Enforcer, Session } from '#ports/enforcer/port.ts';

type RefreshIntent = Extract<Intent, { kind: 'sessions.refresh' }>;

const canonical = (username: string): string => username.trim().toLowerCase();

/** Those of these usernames whose standing decision is the group. */
const linesIn = async (tx: Tx, tenantId: string, group: string, usernames: readonly string[]) =>
  (
    await sql<{ id: string; username: string }>`
    select s.id, s.canonical_username as username from subscriptions s
    join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where s.tenant_id = ${tenantId} and s.canonical_username = any(${[...usernames]}) and a.desired->>'group' = ${group}
    order by s.id`.execute(tx)
  ).rows;

/** One intent for each line with a session of the group. */
async function spread(d: Dispatching, claimed: Claimed, intent: RefreshIntent, sessions: readonly Session[]) {
  const { tenantId, generation, correlationId } = claimed;
  const { group, appliedAt } = intent;
  await d.db.worker(tenantId, async (tx) => {
    const served = await servedUnder(tx, tenantId, sessions);
    const names = served.filter((session) => session.group === group).map(({ username }) => canonical(username));
    const lines = await linesIn(tx, tenantId, group, [...new Set(names)]);
    const outgoing = lines.map(({ id: subscriptionId, username }) => {
      const one = { kind: 'sessions.change', subscriptionId, username, group, appliedAt } as const;
      return { intent: one, key: intentKey(one), subscriptionId, generation, urgency: urgency.other, correlationId };
    });
    await appendIntents(tx, tenantId, outgoing);
  });
}

/** A login may have read the old rows just before they changed, and its Start is still on the way. */
const lookOnceMore: Verdict = {
  state: 'later',
  error: 'looking once more for logins that were under way',
  waitMs: 5_000,
};

async function refresh(d: Dispatching, enforcer: Enforcer, claimed: Claimed, intent: RefreshIntent): Promise<Verdict> {
  const { tenantId, generation } = claimed;
  const versions = await d.db.look(tenantId, (tx) => readVersions(tx, tenantId, [intent.group]));
  const newest = versions.get(intent.group)?.at(-1)?.generation ?? 0n;
  if (newest > generation) return { state: 'superseded' };
  for (let from: string | null = null; ; ) {
    const part = await enforcer.tenantSessions(tenantKey(tenantId), from);
    if (!part.ok) return verdictOf(part.error);
    if (part.value.entries.length > 0) await spread(d, claimed, intent, part.value.entries);
    if (part.value.next === null) break;
    from = part.value.next;
  }
  return claimed.attempts === 1 ? lookOnceMore : { state: 'done' };
}

/**
 * Finds who is online in a group whose rows have changed (spec R2), and leaves each line its own intent, so that one
 * router which is slow or deaf holds nobody else up. Sessions whose router repeats no Class are not found: they get the new
 * rows at their next login.
 */
export async function dispatchRefresh(d: Dispatching, claimed: Claimed, intent: RefreshIntent): Promise<void> {
  const enforcer = await d.enforcerOf(claimed.tenantId);
  const verdict = enforcer ? await refresh(d, enforcer, claimed, intent) : noEnforcer;
  await d.db.worker(claimed.tenantId, (tx) => settleIntent(tx, claimed, verdict));
  logAttempt(d.log, claimed, verdict);
}
