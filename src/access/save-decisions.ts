import { createHash } from 'node:crypto';
import type { LoadedLine } from '#access/load-facts.ts';
import { askCustomer, markDocuments } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { takeGenerations } from '#db/generations.ts';
import type { Decision } from '#decide/access.ts';
import { type Language, reasonText } from '#domain/reason.ts';
import { appendIntents, type Outgoing, urgency } from '#outbox/append.ts';

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

async function saveAccess(tx: Tx, tenantId: string, changed: readonly Generated[], now: number): Promise<void> {
  if (changed.length === 0) return;
  await tx
    .insertInto('access')
    .values(
      changed.map(({ line, decision, hash, generation }) => ({
        tenant_id: tenantId,
        subscription_id: line.facts.subscriptionId,
        state: decision.desired.state,
        desired: JSON.stringify(decision.desired),
        reason: JSON.stringify(decision.reason),
        evidence: JSON.stringify({ needed: decision.needsEvidence, readAt: line.facts.ledger?.readAt ?? null }),
        hash,
        generation,
        decided_at: new Date(now),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'subscription_id']).doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        desired: eb.ref('excluded.desired'),
        reason: eb.ref('excluded.reason'),
        evidence: eb.ref('excluded.evidence'),
        hash: eb.ref('excluded.hash'),
        generation: eb.ref('excluded.generation'),
        decided_at: eb.ref('excluded.decided_at'),
      })),
    )
    .execute();
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
  if (told.length === 0) return;
  await tx
    .insertInto('timeline')
    .values(
      told.map(({ line, decision, dirty, generation }) => ({
        tenant_id: tenantId,
        subscription_id: line.facts.subscriptionId,
        kind: 'decision',
        text: `${decision.desired.state}: ${reasonText(decision.reason, language)}`,
        correlation_id: dirty.correlationId,
        data: JSON.stringify({
          state: decision.desired.state,
          was: line.facts.present,
          group: decision.desired.group,
          reason: decision.reason,
          cause: dirty.cause,
          generation: generation.toString(),
        }),
      })),
    )
    .execute();
}

async function saveWakes(tx: Tx, tenantId: string, decided: readonly Decided[]): Promise<void> {
  await tx
    .deleteFrom('wakes')
    .where('tenant_id', '=', tenantId)
    .where(
      'subscription_id',
      'in',
      decided.map(({ line }) => line.facts.subscriptionId),
    )
    .execute();
  const wakes = decided.flatMap(({ line, decision }) =>
    decision.lookAgainAt === null
      ? []
      : [{ tenant_id: tenantId, subscription_id: line.facts.subscriptionId, at: new Date(decision.lookAgainAt) }],
  );
  if (wakes.length > 0) await tx.insertInto('wakes').values(wakes).execute();
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

/** Writes decisions and everything that follows from them, in the transaction that made them. */
export async function saveDecisions(
  tx: Tx,
  tenantId: string,
  decided: readonly Decided[],
  language: Language,
  now: number,
): Promise<void> {
  const changed = decided.filter(isChanged);
  const generations = changed.length > 0 ? await takeGenerations(tx, changed.length) : [];
  const moved = changed.map((one, i): Generated => ({ ...one, generation: generations[i] ?? 0n }));
  const same = decided
    .filter((one) => !isChanged(one) && isToldAnew(one))
    .map((one): Generated => ({ ...one, generation: one.line.decided?.generation ?? 0n }));
  await saveAccess(tx, tenantId, [...moved, ...same], now);
  await saveActivation(tx, tenantId, decided, now);
  await saveTimeline(tx, tenantId, [...moved, ...same], language);
  await saveWakes(tx, tenantId, decided);
  await askForEvidence(tx, tenantId, decided);
  await appendIntents(tx, tenantId, moved.map(intentOf));
}
