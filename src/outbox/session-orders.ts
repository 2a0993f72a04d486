import { type ChangedSession, isChanged } from '#db/changed-sessions.ts';
import { askNas, type Order, recordAnswer } from '#outbox/ask-nas.ts';
import { changeSession, lookMs } from '#outbox/change-session.ts';
import type { Claimed, Verdict } from '#outbox/claim.ts';
import { type Dispatching, tell, verdictOf } from '#outbox/dispatching.ts';
import { judgeAnswer } from '#outbox/drop-verdict.ts';
import type { Nas } from '#outbox/routers.ts';
import type { History } from '#outbox/session-history.ts';
import type { Remedy } from '#outbox/session-remedy.ts';
import { lookAt, noteSeen } from '#outbox/watch-session.ts';
import type { Enforcer, Session } from '#ports/enforcer/port.ts';

/** What the sessions of one line are to become, and what is known of them. */
export type Ordering = {
  readonly claimed: Claimed;
  readonly subscriptionId: string;
  readonly username: string;
  readonly group: string;
  readonly routers: ReadonlyMap<string, Nas>;
  /** Whether what stands of the line is still what it was. */
  readonly isStanding: () => Promise<boolean>;
  /** Null: none of the sessions can have been told anything. */
  readonly history: History | null;
};

const done: Verdict = { state: 'done' };

/** Sends one session away, and closes its accounting row on proof (spec R8). */
async function dropOne(
  d: Dispatching,
  enforcer: Enforcer,
  { claimed, isStanding }: Ordering,
  session: Session,
  nas: Nas,
): Promise<Verdict> {
  const order: Order = { claimed, nas, session, isStanding, send: (target) => enforcer.dropSession(session, target) };
  const asked = await askNas(d, order);
  if (!asked.ok) return asked.error;
  const { answer } = asked.value;
  const judged = judgeAnswer(answer, session, nas.name, claimed.attempts, Date.now());
  await recordAnswer(d, order, asked.value, { kind: 'disconnect', text: judged.text });
  if (judged.stale) {
    const closed = await enforcer.closeStale(session, judged.stale);
    if (!closed.ok) return verdictOf(closed.error);
  }
  const isWaiting = answer.answer === 'silence' && judged.verdict.state === 'retry';
  return isWaiting ? { ...judged.verdict, nasId: nas.id } : judged.verdict;
}

const seenTexts = {
  obeyed: 'Accounting shows the session within the speed that it was told.',
  ignored: 'The session is still faster than it was told: the CoA had no effect, and it is disconnected.',
  unseen: 'The session was told its speed; its accounting shows neither that it keeps it nor that it does not.',
} as const;

/** Watches a session that this intent told to be slower (law 8). */
async function watch(d: Dispatching, claimed: Claimed, session: Session, told: ChangedSession): Promise<Verdict> {
  const seen = lookAt(session, told, new Date());
  const { seen: what } = seen;
  await d.db.worker(claimed.tenantId, async (tx) => {
    await noteSeen(tx, claimed.tenantId, session.uniqueId, seen);
    if (what in seenTexts) {
      const data = { acct_session_id: session.sessionId, rate_limit: told.rate_limit, seen: what };
      await tell(tx, claimed, 'coa_seen', seenTexts[what as keyof typeof seenTexts], data);
    }
  });
  if (what === 'obeyed' || what === 'unseen') return done;
  if (what === 'ignored') return { state: 'later', error: seenTexts.ignored, waitMs: 0 };
  return { state: 'later', error: 'watching whether it is slower', waitMs: lookMs };
}

function orderOne(
  d: Dispatching,
  enforcer: Enforcer,
  o: Ordering,
  session: Session,
  remedy: Remedy,
): Verdict | Promise<Verdict> {
  const { claimed, subscriptionId, group, username } = o;
  const told = o.history?.changed.get(session.uniqueId);
  if (remedy.remedy === 'stay') {
    const isMine = isChanged(told) && told.generation === claimed.generation && told.watch_until !== null;
    return isMine ? watch(d, claimed, session, told) : done;
  }
  const nas = o.routers.get(session.nasAddress);
  if (!nas) {
    // Nobody is asked about the session of a router that is none of the tenant's (law 10).
    const error = `The session came through ${session.nasAddress}, which is none of this tenant's routers: add it, then retry.`;
    return { state: 'dead', error };
  }
  if (remedy.remedy === 'drop') return dropOne(d, enforcer, o, session, nas);
  return changeSession(d, enforcer, { claimed, subscriptionId, session, nas, group, change: remedy }, username);
}

/** Verdicts in the order of what they ask for: the worst of several sessions is the intent's. */
const rank: Record<Verdict['state'], number> = { superseded: 4, dead: 3, retry: 2, later: 1, done: 0 };
const isWorse = (a: Verdict, b: Verdict): boolean =>
  a.state === 'later' && b.state === 'later' ? a.waitMs < b.waitMs : rank[a.state] > rank[b.state];

/** Gives each session its remedy, all at once; answers what becomes of the intent. */
export async function orderEach(
  d: Dispatching,
  enforcer: Enforcer,
  ordering: Ordering,
  remedies: readonly (readonly [Session, Remedy])[],
): Promise<Verdict> {
  const verdicts = await Promise.all(
    remedies.map(([session, remedy]) => orderOne(d, enforcer, ordering, session, remedy)),
  );
  return verdicts.reduce((worst, one) => (isWorse(one, worst) ? one : worst), done);
}

/** Forgets what ended sessions of a line were told. */
export async function forgetEnded(d: Dispatching, { claimed, subscriptionId }: Ordering, open: readonly Session[]) {
  const ids = open.map(({ uniqueId }) => uniqueId);
  await d.db.worker(claimed.tenantId, async (tx) => {
    const ended = tx
      .deleteFrom('changed_sessions')
      .where('tenant_id', '=', claimed.tenantId)
      .where('subscription_id', '=', subscriptionId);
    await (ids.length > 0 ? ended.where('unique_id', 'not in', ids) : ended).execute();
  });
}
