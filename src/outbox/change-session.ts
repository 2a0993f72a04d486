import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { interimSeconds } from '#domain/radius-groups.ts';
import { err } from '#domain/result.ts';
import { appendIntents, intentKey, type Outgoing, urgency } from '#outbox/append.ts';
import { askNas, type Order, recordAnswer } from '#outbox/ask-nas.ts';
import type { Claimed, Verdict } from '#outbox/claim.ts';
import { type Dispatching, tell } from '#outbox/dispatching.ts';
import { silenceText } from '#outbox/drop-verdict.ts';
import type { Nas } from '#outbox/routers.ts';
import { readHistory } from '#outbox/session-history.ts';
import type { Remedy } from '#outbox/session-remedy.ts';
import { watchMs } from '#outbox/watch-session.ts';
import type { Enforcer, NasAnswer, Session } from '#ports/enforcer/port.ts';

type Change = Extract<Remedy, { remedy: 'change' }>;

/** One session that is to be told other rows: those of `group`. */
export type Changing = {
  readonly claimed: Claimed;
  readonly subscriptionId: string;
  readonly session: Session;
  readonly nas: Nas;
  readonly group: string;
  readonly change: Change;
};

/** Whether the decision, and the rows that are to be told, are still the newest. */
async function isNewest(tx: Tx, { claimed, subscriptionId, group, change }: Changing): Promise<boolean> {
  const { access, versions } = await readHistory(tx, claimed.tenantId, subscriptionId, [group], []);
  const newest = versions.get(group)?.at(-1)?.generation;
  return access?.group === group && access.state === 'active' && newest === change.rows;
}

/** Notes that a session is about to be told; false: something newer stands, or was told it. */
async function begin(d: Dispatching, changing: Changing): Promise<boolean> {
  const { claimed, session, subscriptionId, group, change } = changing;
  return d.db.worker(claimed.tenantId, async (tx) => {
    if (!(await isNewest(tx, changing))) return false;
    const { rows } = await sql`
      insert into changed_sessions as c (tenant_id, unique_id, subscription_id, group_name, rate_limit, rows_generation,
        generation, seen_at, seen_input, seen_output)
      values (${claimed.tenantId}, ${session.uniqueId}, ${subscriptionId}, ${group}, ${change.rateLimit}, ${change.rows},
        ${claimed.generation}, ${session.updatedAt}, null, null)
      on conflict (tenant_id, unique_id) do update set group_name = excluded.group_name, rate_limit = excluded.rate_limit,
        rows_generation = excluded.rows_generation, generation = excluded.generation, asked_at = clock_timestamp(),
        answered_at = null, refused_at = null, watch_until = null, seen_at = excluded.seen_at, seen_input = null,
        seen_output = null
      where c.generation <= excluded.generation returning 1`.execute(tx);
    return rows.length > 0;
  });
}

/** What stands of the line is said once more: nobody knows in which order the router heard two. */
async function sayAgain(tx: Tx, { claimed, subscriptionId, session }: Changing, username: string): Promise<void> {
  const { tenantId, correlationId } = claimed;
  await tx
    .deleteFrom('changed_sessions')
    .where('tenant_id', '=', tenantId)
    .where('unique_id', '=', session.uniqueId)
    .execute();
  const { access, versions } = await readHistory(tx, tenantId, subscriptionId, [], [session]);
  // What is not written yet is followed by its own intent.
  if (access === null || access.applied_generation !== access.generation) return;
  const { group, generation } = access;
  const newest = versions.get(group)?.at(-1);
  const appliedAt = (access.applied_at ?? new Date()).toISOString();
  const line = { subscriptionId, username, group };
  const outgoing = (intent: Outgoing['intent'], of: bigint): Outgoing => ({
    intent,
    key: intentKey(intent),
    subscriptionId,
    generation: of,
    urgency: urgency.other,
    correlationId,
  });
  await appendIntents(tx, tenantId, [
    outgoing({ kind: 'sessions.drop', ...line, appliedAt }, generation),
    ...(newest
      ? [outgoing({ kind: 'sessions.change', ...line, appliedAt: newest.at.toISOString() }, newest.generation)]
      : []),
  ]);
}

/** Whether an answer came to what still stands; else all is said again. */
async function settleAnswer(d: Dispatching, changing: Changing, answer: NasAnswer, username: string): Promise<boolean> {
  const { claimed, session, change } = changing;
  const isObeyed = answer.answer === 'ack';
  const watched = isObeyed && change.isSlower;
  return d.db.worker(claimed.tenantId, async (tx) => {
    const mine = await tx
      .updateTable('changed_sessions')
      .set({
        ...(isObeyed ? { answered_at: new Date() } : { refused_at: new Date() }),
        ...(watched ? { watch_until: sql<Date>`now() + ${watchMs} * interval '1 ms'` } : {}),
      })
      .where('tenant_id', '=', claimed.tenantId)
      .where('unique_id', '=', session.uniqueId)
      .where('generation', '=', claimed.generation)
      .returning('unique_id')
      .executeTakeFirst();
    if (mine && (await isNewest(tx, changing))) return true;
    await sayAgain(tx, changing, username);
    await tell(
      tx,
      claimed,
      'coa_overtaken',
      'A newer decision came while a CoA was under way: what stands is said again.',
    );
    return false;
  });
}

function textOf(answer: NasAnswer, { nas, change }: Changing): string {
  if (answer.answer === 'ack')
    return `${nas.name} acknowledged the speed ${change.rateLimit} for the running session after ${answer.roundTripMs.toFixed(1)} ms.`;
  if (answer.answer === 'nak')
    return `${nas.name} refused to change the running session (Error-Cause ${answer.errorCause ?? 'none'}): it is disconnected instead.`;
  return silenceText(nas.name, answer.attempts, answer.heardFrom);
}

/** So often a session that was told to be slower is looked at: every second accounting update falls between. */
export const lookMs = (interimSeconds * 1_000) / 2;

function verdictAfter(answer: NasAnswer, changing: Changing): Verdict {
  const { nas, change } = changing;
  const error = textOf(answer, changing);
  if (answer.answer === 'silence') return { state: 'retry', error, nasId: nas.id };
  if (answer.answer === 'nak') return { state: 'later', error, waitMs: 0 };
  return change.isSlower
    ? { state: 'later', error: 'watching whether it is slower', waitMs: lookMs }
    : { state: 'done' };
}

/**
 * Tells a running session other rows by CoA (spec R2). Whether the decision is the newest is asked before the packet
 * leaves and after its answer, for a late one must never undo what stands: then all is said again. What a router refuses,
 * or leaves unanswered, is a new login's business from then on.
 */
export async function changeSession(
  d: Dispatching,
  enforcer: Enforcer,
  changing: Changing,
  username: string,
): Promise<Verdict> {
  const { claimed, nas, session, change } = changing;
  let isOvertaken = false;
  const order: Order = {
    claimed,
    nas,
    session,
    // Each CoA asks for itself, in the transaction that notes it.
    isStanding: async () => true,
    send: async (target) => {
      isOvertaken = !(await begin(d, changing));
      if (isOvertaken) return err({ reason: 'premature', detail: 'a newer decision stands' });
      return enforcer.changeSession(session, target, { rateLimit: change.rateLimit });
    },
  };
  const asked = await askNas(d, order);
  // Looked at again it is superseded by its successor, or finds the rows that stand by then.
  if (!asked.ok) return isOvertaken ? { state: 'retry', error: 'something newer stands' } : asked.error;
  const text = textOf(asked.value.answer, changing);
  await recordAnswer(d, order, asked.value, { kind: 'coa', text, wish: change.rateLimit });
  const isStanding = await settleAnswer(d, changing, asked.value.answer, username);
  return isStanding ? verdictAfter(asked.value.answer, changing) : { state: 'superseded' };
}
