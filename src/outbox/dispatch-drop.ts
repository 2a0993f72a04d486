import type { Tx } from '#db/database.ts';
import { isPlanGroup } from '#domain/groups.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';
import { mustDrop } from '#outbox/drop-verdict.ts';
import {
  type DropIntent,
  foreseenSessions,
  foreseenStanding,
  mayHaveBeenTold,
  type SessionsSeen,
} from '#outbox/foreseen-sessions.ts';
import { readRouters, routersOf } from '#outbox/routers.ts';
import { type History, readHistory } from '#outbox/session-history.ts';
import { forgetEnded, orderEach } from '#outbox/session-orders.ts';
import { type Remedy, remedyForGroup } from '#outbox/session-remedy.ts';
import type { Enforcer, EnforcerFailure, Session } from '#ports/enforcer/port.ts';

/** Whether the decision that stands of a line is newer than the one that an intent carries out. */
export type IsOutdated = (standing: bigint | undefined, mine: bigint) => boolean;

const isOvertaken: IsOutdated = (standing, mine) => standing !== undefined && standing > mine;

/** What stands at this moment: open sessions, the tenant's routers, the newest decision, and what sessions were told. */
type Standing = SessionsSeen & { readonly generation: bigint | undefined; readonly history: History | null };

const readGeneration = async (tx: Tx, { tenantId, subscriptionId }: Claimed): Promise<bigint | undefined> =>
  (
    await tx
      .selectFrom('access')
      .where('tenant_id', '=', tenantId)
      .where('subscription_id', '=', subscriptionId)
      .select('generation')
      .executeTakeFirst()
  )?.generation;

const inPlan = ({ group }: Session): boolean => group !== null && isPlanGroup(group);

/** Whether the decision is still the newest is asked last, right before the packets leave. */
async function lookAround(
  d: Dispatching,
  claimed: Claimed,
  intent: DropIntent,
  sessions: readonly Session[],
): Promise<Standing> {
  const { tenantId } = claimed;
  const vault = await d.vaultOf(tenantId);
  const addresses = [...new Set(sessions.map(({ nasAddress }) => nasAddress))];
  const hasHistory = mayHaveBeenTold(intent, sessions);
  const [generation, routers, history] = await d.db.look(tenantId, (tx) =>
    Promise.all([
      readGeneration(tx, claimed),
      readRouters(tx, tenantId, addresses),
      hasHistory ? readHistory(tx, tenantId, intent.subscriptionId, [intent.group], sessions) : null,
    ]),
  );
  return { sessions, generation, routers: routersOf(routers, vault), history };
}

const newestOf = (d: Dispatching, claimed: Claimed): Promise<bigint | undefined> =>
  d.db.look(claimed.tenantId, (tx) => readGeneration(tx, claimed));

async function standingOf(
  d: Dispatching,
  enforcer: Enforcer,
  claimed: Claimed,
  intent: DropIntent,
): Promise<Result<Standing, EnforcerFailure>> {
  const seen = await foreseenSessions(intent);
  if (seen) {
    const stood = await foreseenStanding(intent);
    const generation = stood ? stood.generation : await newestOf(d, claimed);
    return ok({ ...seen, generation, history: null });
  }
  const open = await enforcer.openSessions(intent.username);
  return open.ok ? ok(await lookAround(d, claimed, intent, open.value)) : err(open.error);
}

function remedyOf(session: Session, intent: DropIntent, history: History | null): Remedy {
  if (history && inPlan(session)) return remedyForGroup(session, intent.group, history);
  return { remedy: mustDrop(session, intent) ? 'drop' : 'stay' };
}

const secondLookMs = 5_000;

/** A login may have read the old rows just before they changed, and its Start is still on the way. */
const lookOnceMore: Verdict = {
  state: 'later',
  error: 'looking once more for a login that was under way',
  waitMs: secondLookMs,
};

const isEarly = ({ attempts, createdAt }: Claimed): boolean =>
  attempts === 1 || Date.now() - createdAt.getTime() < secondLookMs;

async function drop(
  d: Dispatching,
  enforcer: Enforcer,
  claimed: Claimed,
  intent: DropIntent,
  isOutdated: IsOutdated,
): Promise<Verdict> {
  const standing = await standingOf(d, enforcer, claimed, intent);
  if (!standing.ok) return verdictOf(standing.error);
  const { sessions, generation, routers, history } = standing.value;
  if (isOutdated(generation, claimed.generation)) return { state: 'superseded' };
  const remedies = sessions.map((session) => [session, remedyOf(session, intent, history)] as const);
  const { subscriptionId, username, group } = intent;
  const isStanding = async (): Promise<boolean> => !isOutdated(await newestOf(d, claimed), claimed.generation);
  const ordering = { claimed, subscriptionId, username, group, routers, history, isStanding };
  const verdict = await orderEach(d, enforcer, ordering, remedies);
  if (history && verdict.state === 'done') await forgetEnded(d, ordering, sessions);
  const isNoneDropped = remedies.every(([, { remedy }]) => remedy !== 'drop');
  return isNoneDropped && verdict.state === 'done' && isEarly(claimed) ? lookOnceMore : verdict;
}

/**
 * Brings the sessions that were let in under other rows to those that stand: by a CoA where a plan's speed is all that
 * differs, else they are sent away. It looks until they are gone: an acknowledged order is not an obeyed one (law 8).
 * Only a test that shows what happens without it gives another `isOutdated`.
 */
export async function dispatchDrop(
  d: Dispatching,
  claimed: Claimed,
  intent: DropIntent,
  isOutdated: IsOutdated = isOvertaken,
): Promise<void> {
  const enforcer = await d.enforcerOf(claimed.tenantId);
  const verdict = enforcer ? await drop(d, enforcer, claimed, intent, isOutdated) : noEnforcer;
  await d.db.worker(claimed.tenantId, async (tx) => {
    if (!(await settleIntent(tx, claimed, verdict))) return;
    if (verdict.state === 'done' && claimed.attempts > 1)
      await tell(tx, claimed, 'session_ended', 'No session is open under other rows any more.');
    if (verdict.state === 'dead') await tell(tx, claimed, 'disconnect_failed', verdict.error);
  });
  logAttempt(d.log, claimed, verdict);
}
