import { sql } from 'kysely';
import { type Mark, markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import type { Intent } from '#domain/intents.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';

/**
 * Has what stands of these lines written once more, although nothing about it has changed: the line is decided about
 * afresh and gets a new generation, since its stored hash is forgotten. So a repair frees and cuts nobody whom the facts of
 * this moment do not.
 */
export async function reissueLines(tx: Tx, mark: Mark, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { tenantId } = mark;
  const sorted = [...new Set(ids)].sort();
  // The mark first, as everywhere: its row is the line's lock.
  await markLines(tx, mark, sorted);
  await sql`update access set hash = '' where tenant_id = ${tenantId} and subscription_id = any(${sorted}::uuid[])`.execute(
    tx,
  );
}

type Standing = Extract<Intent, { kind: 'group.apply' | 'sessions.drop' | 'session.close' | 'user.describe' }>;

/** Sends what stands of groups or sessions out once more, under a generation of its own; and what is proved of a row. */
export async function reissueIntents(
  tx: Tx,
  { tenantId, correlationId }: Omit<Mark, 'cause'>,
  intents: readonly Standing[],
): Promise<void> {
  if (intents.length === 0) return;
  const generation = await takeGeneration(tx);
  await appendIntents(
    tx,
    tenantId,
    intents.map((intent) => ({
      intent,
      key: intentKey(intent),
      subscriptionId: intent.kind === 'group.apply' ? null : intent.subscriptionId,
      generation,
      urgency: urgency.other,
      correlationId,
    })),
  );
}

/** Generations go on above what a target has seen, which a restored bridge may not know (law 2). */
export const raiseGenerations = (tx: Tx, seen: bigint): Promise<unknown> =>
  sql`select setval('access_generation', ${seen.toString()}::bigint)
    where ${seen.toString()}::bigint > (select last_value from access_generation)`.execute(tx);
