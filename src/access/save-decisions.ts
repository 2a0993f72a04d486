import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { announceStates } from '#access/announce-states.ts';
import type { LoadedLine } from '#access/load-facts.ts';
import { askCustomer, markDocuments } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { takeGenerations } from '#db/generations.ts';
import { appendTimeline } from '#db/timeline.ts';
import type { Decision } from '#decide/access.ts';
import { type Language, reasonText } from '#domain/reason.ts';
import { type Appended, appendIntents, type Handing, type Outgoing, urgency } from '#outbox/append.ts';

/** Why a line was decided about. */
export type Dirty = { readonly correlationId: string; readonly cause: string };
export type Decided = {
  readonly line: LoadedLine;
  readonly decision: Decision;
  readonly dirty: Dirty;
  readonly hash: string;
};
type Generated = Decided & { readonly generation: bigint };

/** Equal if and only if the enforcer would hold the same. */
export const hashOf = (line: LoadedLine, decision: Decision): string =>
  createHash('sha256')
    .update(JSON.stringify([decision.desired, line.username, line.passwordSealed]))
    .digest('hex');

const isChanged = ({ line, hash }: Decided): boolean => line.decided?.hash !== hash;
const isToldAnew = ({ line, decision }: Decided): boolean =>
  JSON.stringify(line.decided?.reason) !== JSON.stringify(decision.reason);

/** When the evidence was read, ms since 1970: the hub's own ledger with the decision. */
const readAtOf = ({ facts: { ledger } }: LoadedLine, now: number): number | null =>
  ledger?.readAt === 'now' ? now : (ledger?.readAt ?? null);

/** In the order of their ids, so that whoever writes to several lines at once never deadlocks with another. */
async function saveAccess(tx: Tx, tenantId: string, changed: readonly Generated[], now: number): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ line, decision, hash, generation }) => ({
    id: line.facts.subscriptionId,
    state: decision.desired.state,
    desired: decision.desired,
    reason: decision.reason,
    evidence: { needed: decision.needsEvidence, readAt: readAtOf(line, now) },
    hash,
    generation: generation.toString(),
  }));
  await sql`
    insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation, decided_at)
    select ${tenantId}, id, state, desired, reason, evidence, hash, generation, ${new Date(now)}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (id uuid, state text, desired jsonb, reason jsonb, evidence jsonb, hash text, generation bigint) order by id
    on conflict (tenant_id, subscription_id) do update set state = excluded.state, desired = excluded.desired,
      reason = excluded.reason, evidence = excluded.evidence, hash = excluded.hash, generation = excluded.generation,
      decided_at = excluded.decided_at`.execute(tx);
}

/** A line that was first served now keeps that for ever: prepaid goes back to `pending` never again (spec R4). */
async function saveActivation(tx: Tx, tenantId: string, decided: readonly Decided[], now: number): Promise<void> {
  const first = decided.filter(
    ({ line, decision }) => decision.desired.state === 'active' && !line.facts.activatedBefore,
  );
  if (first.length === 0) return;
  await tx
    .updateTable('subscriptions')
    .set({ activated_at: new Date(now) })
    .where('tenant_id', '=', tenantId)
    .where(
      'id',
      'in',
      first.map(({ line }) => line.facts.subscriptionId),
    )
    .execute();
}

/** The rows change at the enforcer; sessions stay where a line is served for the first time (nothing was cut). */
function intentOf({ line, decision, dirty, generation }: Generated): Outgoing {
  const { desired } = decision;
  const wasServed = line.facts.present === 'active' || line.facts.present === null;
  return {
    intent: {
      kind: 'access.apply',
      subscriptionId: line.facts.subscriptionId,
      username: line.username,
      passwordSealed: line.passwordSealed,
      desired,
      keepSessions: line.facts.present === null && desired.state === 'active',
    },
    key: line.username,
    subscriptionId: line.facts.subscriptionId,
    generation,
    urgency: desired.state === 'active' ? urgency.restore : wasServed ? urgency.cut : urgency.other,
    correlationId: dirty.correlationId,
  };
}

async function saveTimeline(tx: Tx, tenantId: string, told: readonly Generated[], language: Language): Promise<void> {
  await appendTimeline(
    tx,
    tenantId,
    told.map(({ line, decision, dirty, generation }) => ({
      subscriptionId: line.facts.subscriptionId,
      kind: 'decision',
      text: `${decision.desired.state}: ${reasonText(decision.reason, language)}`,
      correlationId: dirty.correlationId,
      data: {
        state: decision.desired.state,
        was: line.facts.present,
        group: decision.desired.group,
        reason: decision.reason,
        cause: dirty.cause,
        generation: generation.toString(),
      },
    })),
  );
}

/** One statement that leaves exactly one moment for each line that is to be looked at again, and none for the others. */
async function saveWakes(tx: Tx, tenantId: string, decided: readonly Decided[]): Promise<void> {
  const idOf = ({ line }: Decided): string => line.facts.subscriptionId;
  const resting = decided.filter(({ decision }) => decision.lookAgainAt === null).map(idOf);
  const rows = decided.flatMap((one) => {
    const { lookAgainAt, cutAt } = one.decision;
    return lookAgainAt === null
      ? []
      : [{ id: idOf(one), at: new Date(lookAgainAt), cut_at: cutAt === null ? null : new Date(cutAt) }];
  });
  await sql`
    with resting as (delete from wakes where tenant_id = ${tenantId} and subscription_id = any(${resting}::uuid[]))
    insert into wakes (tenant_id, subscription_id, at, cut_at) select ${tenantId}, id, at, cut_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, at timestamptz, cut_at timestamptz) order by id
    on conflict (tenant_id, subscription_id) do update set at = excluded.at, cut_at = excluded.cut_at`.execute(tx);
}

/** Asks for reminders before a cut; whoever writes messages takes these up (`advance-notices.ts`). */
async function saveNotices(tx: Tx, tenantId: string, decided: readonly Decided[], now: number): Promise<void> {
  const rows = decided.flatMap(({ line, decision: { wantsNotice } }) =>
    wantsNotice.map(({ invoice, amount, dueDate }) => ({
      id: line.facts.subscriptionId,
      invoice,
      amount: amount.toString(),
      due: dueDate,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into cut_notices (tenant_id, subscription_id, invoice, amount, due_date, at)
    select ${tenantId}, id, invoice, amount, due, ${new Date(now)}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, invoice text, amount bigint, due text)
    on conflict do nothing`.execute(tx);
}

async function askForEvidence(tx: Tx, tenantId: string, decided: readonly Decided[]): Promise<void> {
  const asking = decided.filter(({ decision }) => decision.needsEvidence);
  await markDocuments(
    tx,
    tenantId,
    asking.flatMap(({ line, dirty }) =>
      line.ledgerCustomer === null
        ? []
        : [{ doctype: askCustomer, name: line.ledgerCustomer, correlationId: dirty.correlationId }],
    ),
  );
}

/** What follows from decisions, after their commit. */
export type Saved = Appended & {
  /** Documents were marked, to be read anew. */
  readonly isEvidenceAsked: boolean;
};

export type Saving = {
  readonly language: Language;
  readonly now: number;
  /** Generations that were taken under the lines' locks, one a line; null: they are to be taken. */
  readonly taken: readonly bigint[] | null;
  readonly handing: Handing | null;
};

async function numbered(tx: Tx, decided: readonly Decided[], taken: readonly bigint[] | null): Promise<Generated[]> {
  const changed = decided.filter(isChanged);
  const generations = taken ?? (changed.length > 0 ? await takeGenerations(tx, changed.length) : []);
  return changed.map((one, i) => {
    const generation = generations[i];
    if (generation === undefined) throw new Error('More lines changed than generations were taken.');
    return { ...one, generation };
  });
}

/** A line that was never decided about may stand in a group that is still to be written, so it goes the queue's way. */
function sendOut(tx: Tx, tenantId: string, moved: readonly Generated[], handing: Handing | null) {
  const isKnown = ({ line }: Generated): boolean => line.facts.present !== null;
  const atOnce = moved.filter(isKnown).map(intentOf);
  const queued = moved.filter((one) => !isKnown(one)).map(intentOf);
  return Promise.all([appendIntents(tx, tenantId, atOnce, handing), appendIntents(tx, tenantId, queued)]);
}

/** Writes decisions and everything that follows from them, in the transaction that made them. */
export async function saveDecisions(
  tx: Tx,
  tenantId: string,
  decided: readonly Decided[],
  { language, now, taken, handing }: Saving,
): Promise<Saved> {
  const moved = await numbered(tx, decided, taken);
  const same = decided
    .filter((one) => !isChanged(one) && isToldAnew(one))
    .map((one): Generated => ({ ...one, generation: one.line.decided?.generation ?? 0n }));
  const [[handed, queued]] = await Promise.all([
    sendOut(tx, tenantId, moved, handing),
    saveAccess(tx, tenantId, [...moved, ...same], now),
    saveActivation(tx, tenantId, decided, now),
    saveTimeline(tx, tenantId, [...moved, ...same], language),
    saveWakes(tx, tenantId, decided),
    saveNotices(tx, tenantId, decided, now),
    askForEvidence(tx, tenantId, decided),
    announceStates(tx, tenantId, moved, language),
  ]);
  return {
    claimed: handed.claimed,
    isSomeLeft: handed.isSomeLeft || queued.isSomeLeft,
    isEvidenceAsked: decided.some(({ decision }) => decision.needsEvidence),
  };
}
