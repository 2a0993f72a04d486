import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';
import { judgeAnswer, mustDrop } from '#outbox/drop-verdict.ts';
import type { CoaTarget, DropAnswer, Enforcer, Session } from '#ports/enforcer/port.ts';

type DropIntent = Extract<Intent, { kind: 'sessions.drop' }>;
type Nas = { readonly id: string; readonly name: string; readonly target: CoaTarget };

/** The router that the session came through; null: it is none of the tenant's, so nobody is asked to drop it (law 10). */
async function nasOf(d: Dispatching, tenantId: string, session: Session): Promise<Nas | null> {
  const nas = await d.db.worker(tenantId, (tx) =>
    tx
      .selectFrom('nas')
      .where('tenant_id', '=', tenantId)
      .where('address', '=', session.nasAddress)
      .selectAll()
      .executeTakeFirst(),
  );
  if (!nas) return null;
  const vault = await d.vaultOf(tenantId);
  const secret = vault.open(nas.secret, { table: 'nas', column: 'secret', row: nas.id });
  return {
    id: nas.id,
    name: nas.name,
    target: { host: nas.coa_address ?? nas.address, port: nas.coa_port, secret, signed: nas.sign_coa },
  };
}

/** Whether a newer decision stands by now; then the session is none of this intent's business any more. */
async function isOutdated(d: Dispatching, claimed: Claimed): Promise<boolean> {
  const access = await d.db.worker(claimed.tenantId, (tx) =>
    tx
      .selectFrom('access')
      .where('tenant_id', '=', claimed.tenantId)
      .where('subscription_id', '=', claimed.subscriptionId)
      .select('generation')
      .executeTakeFirst(),
  );
  return access !== undefined && access.generation > claimed.generation;
}

async function record(
  d: Dispatching,
  claimed: Claimed,
  nas: Nas,
  session: Session,
  answer: DropAnswer,
  text: string,
): Promise<void> {
  await d.db.worker(claimed.tenantId, async (tx) => {
    const seen = answer.answer === 'silence' ? { last_silence_at: new Date() } : { last_answer_at: new Date() };
    await tx.updateTable('nas').set(seen).where('tenant_id', '=', claimed.tenantId).where('id', '=', nas.id).execute();
    await tell(tx, claimed, 'disconnect', text, {
      nas: nas.name,
      host: nas.target.host,
      port: nas.target.port,
      acct_session_id: session.sessionId,
      generation: claimed.generation.toString(),
      ...answer,
    });
  });
}

async function dropOne(d: Dispatching, enforcer: Enforcer, claimed: Claimed, session: Session): Promise<Verdict> {
  const nas = await nasOf(d, claimed.tenantId, session);
  if (!nas) {
    return {
      state: 'dead',
      error: `The session came through ${session.nasAddress}, which is none of this tenant's routers: add it, then retry.`,
    };
  }
  if (await isOutdated(d, claimed)) return { state: 'superseded' };
  const answered = await enforcer.dropSession(session, nas.target);
  if (!answered.ok) return verdictOf(answered.error);
  const judged = judgeAnswer(answered.value, session, nas.name, claimed.attempts, Date.now());
  await record(d, claimed, nas, session, answered.value, judged.text);
  if (judged.stale) {
    const closed = await enforcer.closeStale(session, judged.stale);
    if (!closed.ok) return verdictOf(closed.error);
  }
  return judged.verdict;
}

/** Verdicts in the order of what they ask for: the worst of several sessions is the intent's. */
const rank: Record<Verdict['state'], number> = { superseded: 4, dead: 3, retry: 2, later: 1, done: 0 };
const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.reduce((a, b) => (rank[b.state] > rank[a.state] ? b : a), { state: 'done' });

/** A login may have read the old rows just before they changed, and its Start is still on the way. */
const lookOnceMore: Verdict = {
  state: 'later',
  error: 'looking once more for a login that was under way',
  waitMs: 5_000,
};

async function drop(d: Dispatching, enforcer: Enforcer, claimed: Claimed, intent: DropIntent): Promise<Verdict> {
  if (await isOutdated(d, claimed)) return { state: 'superseded' };
  const open = await enforcer.openSessions(intent.username);
  if (!open.ok) return verdictOf(open.error);
  const wrong = open.value.filter((session) => mustDrop(session, intent));
  if (wrong.length === 0) return claimed.attempts === 1 ? lookOnceMore : { state: 'done' };
  return worst(await Promise.all(wrong.map((session) => dropOne(d, enforcer, claimed, session))));
}

/**
 * Sends away the sessions that were let in under other rows, and looks until they are gone: an acknowledged Disconnect is
 * not a disconnected session (law 8).
 */
export async function dispatchDrop(d: Dispatching, claimed: Claimed, intent: DropIntent): Promise<void> {
  const enforcer = await d.enforcerOf(claimed.tenantId);
  const verdict = enforcer ? await drop(d, enforcer, claimed, intent) : noEnforcer;
  await d.db.worker(claimed.tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    if (verdict.state === 'done' && claimed.attempts > 1)
      await tell(tx, claimed, 'session_ended', 'No session is open under other rows any more.');
    if (verdict.state === 'dead') await tell(tx, claimed, 'disconnect_failed', verdict.error);
  });
  logAttempt(d.log, claimed, verdict);
}
