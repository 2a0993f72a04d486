import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { readOperation } from '#db/asset-operation.ts';
import type { Tx } from '#db/database.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { Intent } from '#domain/intents.ts';
import { type ScanKind, type ScanStep, type StepState, scanSteps } from '#domain/scan.ts';
import type { UnitMove } from '#domain/scan-judgement.ts';
import { type Appended, appendIntents, type Handing, intentKey, urgency } from '#outbox/append.ts';
import type { Unit } from './situation.ts';

/** For whom, and in whose name, what follows from a scan is written. */
export type Following = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly handing: Handing | null;
};

/** Something that a scan needs, for which line; `waitMs`: what nobody waits for. */
export type Wanted = { readonly intent: Intent; readonly subscriptionId: string | null; readonly waitMs?: number };

/** Has done what a scan needs: somebody waits for it on a ladder. */
export const appendAll = (
  tx: Tx,
  { tenantId, correlationId, handing }: Following,
  wanted: readonly Wanted[],
): Promise<Appended> =>
  appendIntents(
    tx,
    tenantId,
    wanted.map((one) => ({
      ...one,
      key: intentKey(one.intent),
      generation: null,
      urgency: urgency.restore,
      correlationId,
    })),
    handing,
  );

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
  units: ReadonlyMap<string, Unit>,
): Promise<Appended> {
  const { tenantId, correlationId, handing } = following;
  const operations = moves.map(({ unitId, kind, technicianId, subscriptionId, condition }, no) => ({
    tenant_id: tenantId,
    id: randomUUID(),
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
  }));
  const first = operations.slice(0, 1);
  const writing = [
    insertRows(tx, 'asset_operations', operations),
    ...first.map((one) => foretell(tx, tenantId, handing, one.id, units.get(one.asset_id)?.tracker_ref)),
  ];
  const wanted = first.map((one) => moveOf(one.id, one.subscription_id));
  const [appended] = await Promise.all([appendAll(tx, following, wanted), ...writing]);
  return appended;
}

/** The unit is locked: whoever is about to move it may look at it already, and is told what is written here. */
async function foretell(
  tx: Tx,
  tenantId: string,
  handing: Handing | null,
  operationId: string,
  ref: string | undefined,
): Promise<void> {
  if (!handing?.moves || ref === undefined || handing.room('asset.move') === 0) return;
  handing.moves.begin(tenantId, operationId, ref);
  const operation = await readOperation(tx, tenantId, operationId);
  if (operation) handing.moves.know(operation);
}

/** Has the tracker asked for an operation's move. */
export const moveOf = (operationId: string, subscriptionId: string | null): Wanted => ({
  intent: { kind: 'asset.move', operationId },
  subscriptionId,
});

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
    return { no, name, state, detail, happened_at: at };
  });
  await sql`
    insert into scan_steps (tenant_id, scan_id, no, name, state, detail, happened_at)
    select ${tenantId}, ${scanId}, no, name, state, detail, happened_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (no int, name text, state text, detail text, happened_at timestamptz)
    on conflict (tenant_id, scan_id, no) do update
      set state = excluded.state, detail = excluded.detail, happened_at = excluded.happened_at`.execute(tx);
}
