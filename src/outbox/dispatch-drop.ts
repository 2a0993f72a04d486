import { isIP } from 'node:net';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';
import { judgeAnswer, mustDrop } from '#outbox/drop-verdict.ts';
import type { CoaTarget, DropAnswer, Enforcer, Session } from '#ports/enforcer/port.ts';

type DropIntent = Extract<Intent, { kind: 'sessions.drop' }>;
type Nas = { readonly id: string; readonly name: string; readonly target: CoaTarget };

/** What stands at this moment: whether a newer decision does, and the tenant's routers of some addresses. */
type Standing = { readonly isOutdated: boolean; readonly routers: ReadonlyMap<string, Nas> };

type NasRow = {
  readonly asked: string;
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly secret: string;
  readonly coa_address: string | null;
  readonly coa_port: number;
  readonly sign_coa: boolean;
};

/** The tenant's routers at these addresses, however they are spelt. */
const routersAt = (tx: Tx, tenantId: string, addresses: readonly string[]) =>
  sql<NasRow>`
    select a.asked, n.id, n.name, n.address, n.secret, n.coa_address, n.coa_port, n.sign_coa
    from unnest(${addresses.filter((address) => isIP(address) !== 0)}::text[]) a (asked)
    join nas n on n.tenant_id = ${tenantId} and n.address = a.asked::inet`.execute(tx);

async function standingOf(d: Dispatching, claimed: Claimed, addresses: readonly string[]): Promise<Standing> {
  const { tenantId, subscriptionId, generation } = claimed;
  const vault = await d.vaultOf(tenantId);
  const [access, { rows }] = await d.db.look(tenantId, (tx) =>
    Promise.all([
      tx
        .selectFrom('access')
        .where('tenant_id', '=', tenantId)
        .where('subscription_id', '=', subscriptionId)
        .select('generation')
        .executeTakeFirst(),
      routersAt(tx, tenantId, addresses),
    ]),
  );
  const routers = rows.map((nas): [string, Nas] => {
    const secret = vault.open(nas.secret, { table: 'nas', column: 'secret', row: nas.id });
    const target = { host: nas.coa_address ?? nas.address, port: nas.coa_port, secret, signed: nas.sign_coa };
    return [nas.asked, { id: nas.id, name: nas.name, target }];
  });
  return { isOutdated: access !== undefined && access.generation > generation, routers: new Map(routers) };
}

async function record(
  d: Dispatching,
  claimed: Claimed,
  nas: Nas,
  session: Session,
  answer: DropAnswer,
  text: string,
): Promise<void> {
  await d.db.worker(claimed.tenantId, (tx) => {
    const seen = answer.answer === 'silence' ? { last_silence_at: new Date() } : { last_answer_at: new Date() };
    const data = {
      nas: nas.name,
      host: nas.target.host,
      port: nas.target.port,
      acct_session_id: session.sessionId,
      generation: claimed.generation.toString(),
      ...answer,
    };
    return Promise.all([
      tx.updateTable('nas').set(seen).where('tenant_id', '=', claimed.tenantId).where('id', '=', nas.id).execute(),
      tell(tx, claimed, 'disconnect', text, data),
    ]);
  });
}

/** `nas` undefined: the session's router is none of the tenant's, so nobody is asked to drop it (law 10). */
async function dropOne(
  d: Dispatching,
  enforcer: Enforcer,
  claimed: Claimed,
  session: Session,
  nas: Nas | undefined,
): Promise<Verdict> {
  if (!nas) {
    return {
      state: 'dead',
      error: `The session came through ${session.nasAddress}, which is none of this tenant's routers: add it, then retry.`,
    };
  }
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

/** Whether the decision is still the newest is asked last, right before the packets leave. */
async function drop(d: Dispatching, enforcer: Enforcer, claimed: Claimed, intent: DropIntent): Promise<Verdict> {
  const open = await enforcer.openSessions(intent.username);
  if (!open.ok) return verdictOf(open.error);
  const wrong = open.value.filter((session) => mustDrop(session, intent));
  const addresses = [...new Set(wrong.map(({ nasAddress }) => nasAddress))];
  const { isOutdated, routers } = await standingOf(d, claimed, addresses);
  if (isOutdated) return { state: 'superseded' };
  if (wrong.length === 0) return claimed.attempts === 1 ? lookOnceMore : { state: 'done' };
  return worst(
    await Promise.all(wrong.map((session) => dropOne(d, enforcer, claimed, session, routers.get(session.nasAddress)))),
  );
}

/**
 * Sends away the sessions that were let in under other rows, and looks until they are gone: an acknowledged Disconnect is
 * not a disconnected session (law 8).
 */
export async function dispatchDrop(d: Dispatching, claimed: Claimed, intent: DropIntent): Promise<void> {
  const enforcer = await d.enforcerOf(claimed.tenantId);
  const verdict = enforcer ? await drop(d, enforcer, claimed, intent) : noEnforcer;
  await d.db.worker(claimed.tenantId, async (tx) => {
    if (!(await settleIntent(tx, claimed, verdict))) return;
    if (verdict.state === 'done' && claimed.attempts > 1)
      await tell(tx, claimed, 'session_ended', 'No session is open under other rows any more.');
    if (verdict.state === 'dead') await tell(tx, claimed, 'disconnect_failed', verdict.error);
  });
  logAttempt(d.log, claimed, verdict);
}
