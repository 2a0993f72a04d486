import type { Tx } from '#db/database.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Intent } from '#domain/intents.ts';

/** What goes first when much is waiting: giving access, then everything else, then taking it. */
export const urgency = { restore: 0, other: 1, cut: 2 } as const;

export type Outgoing = {
  readonly intent: Intent;
  readonly key: string;
  readonly subscriptionId: string | null;
  readonly generation: bigint;
  readonly urgency: number;
  readonly correlationId: string;
};

/** The same target and the same object: of several waiting intents with one key only the newest counts. */
export const intentKey = (intent: Intent): string => {
  switch (intent.kind) {
    case 'access.apply':
    case 'sessions.drop':
      return intent.username;
    case 'group.apply':
      return intent.group;
    case 'nas.apply':
      return intent.nasId;
    case 'tenant.apply':
      return intent.tenantKey;
    case 'ledger.username':
      return intent.erpSubscription;
  }
};

/** Writes intents in the caller's transaction (spec B10); what still waits under the same key is superseded. */
export async function appendIntents(
  tx: Tx,
  tenantId: string,
  outgoing: readonly Outgoing[],
): Promise<readonly bigint[]> {
  if (outgoing.length === 0) return [];
  const byKind = groupBy(outgoing, ({ intent }) => intent.kind);
  for (const [kind, some] of byKind) {
    await tx
      .updateTable('outbox')
      .set({ state: 'superseded', finished_at: new Date() })
      .where('tenant_id', '=', tenantId)
      .where('kind', '=', kind)
      .where('key', 'in', some.map(({ key }) => key).sort())
      .where('state', '=', 'ready')
      .execute();
  }
  const rows = await tx
    .insertInto('outbox')
    .values(
      outgoing.map((one) => ({
        tenant_id: tenantId,
        kind: one.intent.kind,
        key: one.key,
        subscription_id: one.subscriptionId,
        intent: JSON.stringify(one.intent),
        generation: one.generation,
        urgency: one.urgency,
        correlation_id: one.correlationId,
      })),
    )
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}
