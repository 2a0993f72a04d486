import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import type { Intent } from '#domain/intents.ts';
import { type ScanKind, type ScanStep, type StepState, scanSteps } from '#domain/scan.ts';
import type { UnitMove } from '#domain/scan-judgement.ts';
import { type Appended, appendIntents, type Handing, intentKey, urgency } from '#outbox/append.ts';

/** For whom, and in whose name, what follows from a scan is written. */
export type Following = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly handing: Handing | null;
};

/** Has something done that a scan needs: somebody waits for it on a ladder. */
export async function appendOne(
  tx: Tx,
  { tenantId, correlationId, handing }: Following,
  intent: Intent,
  subscriptionId: string | null,
): Promise<Appended> {
  const generation = await takeGeneration(tx);
  const outgoing = { intent, key: intentKey(intent), subscriptionId, generation, correlationId };
  return appendIntents(tx, tenantId, [{ ...outgoing, urgency: urgency.restore }], handing);
}

export const joined = (all: readonly (Appended | null)[]): Appended => ({
  claimed: all.flatMap((one) => one?.claimed ?? []),
  isSomeLeft: all.some((one) => one?.isSomeLeft === true),
});

/** What the operations of a scan say of it. */
export type Operated = {
  readonly scanId: string;
  readonly scannedAt: Date;
  readonly scannedBy: string;
};

/**
 * Commits what is to be moved, before the first request goes out (spec A4); a unit has one open operation, so of two that
 * are begun at once one fails here. The first is sent on its way, the others follow one by one.
 */
export async function beginMoves(
  tx: Tx,
  following: Following,
  { scanId, scannedAt, scannedBy }: Operated,
  moves: readonly UnitMove[],
): Promise<Appended> {
  const { tenantId, correlationId } = following;
  let first: Appended = { claimed: [], isSomeLeft: false };
  for (const [no, { unitId, kind, technicianId, subscriptionId, condition }] of moves.entries()) {
    const { id } = await tx
      .insertInto('asset_operations')
      .values({
        tenant_id: tenantId,
        asset_id: unitId,
        kind,
        technician_id: technicianId,
        subscription_id: subscriptionId,
        condition,
        scan_id: scanId,
        happened_at: scannedAt,
        requested_by: scannedBy,
        correlation_id: correlationId,
        // One transaction has one time: the order in which they are made is told by this.
        created_at: new Date(Date.now() + no),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (no === 0) first = await appendOne(tx, following, { kind: 'asset.move', operationId: id }, subscriptionId);
  }
  return first;
}

export type Stepped = Readonly<Partial<Record<ScanStep, { readonly state: StepState; readonly detail?: string }>>>;

/** The steps of a scan as they stand at its beginning; what `states` does not name waits. */
export async function writeSteps(
  tx: Tx,
  tenantId: string,
  scanId: string,
  kind: ScanKind,
  states: Stepped,
): Promise<void> {
  const rows = scanSteps[kind].map((name, no) => {
    const { state = 'waiting', detail = '' } = states[name] ?? {};
    const at = state === 'waiting' || state === 'held' ? null : new Date();
    return { tenant_id: tenantId, scan_id: scanId, no, name, state, detail, happened_at: at };
  });
  await tx
    .insertInto('scan_steps')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'scan_id', 'no']).doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        detail: eb.ref('excluded.detail'),
        happened_at: eb.ref('excluded.happened_at'),
      })),
    )
    .execute();
}
