import type { Tx } from '#db/database.ts';
import { finishScan, stopScan } from '#db/scan-steps.ts';
import type { AssetCondition } from '#domain/asset.ts';
import { type ScanKind, scanSteps } from '#domain/scan.ts';
import { type Judgement, judgeScan, type UnitMove } from '#domain/scan-judgement.ts';
import { isAwaiting, type ProblemDetails, type ScanProblem } from '#domain/scan-problem.ts';
import type { Appended } from '#outbox/append.ts';
import { invalid } from '#platform/refusal.ts';
import { beginMoves, type Following, type Stepped, writeSteps } from './begin-scan.ts';
import { detailsOf } from './refusing.ts';
import { type Line, lineNow, lockSituation, type Unit } from './situation.ts';

/** A scan as it was taken. */
export type ScanTaken = {
  readonly id: string;
  readonly kind: ScanKind;
  readonly scannedAt: Date;
  readonly scannedBy: string;
  readonly technicianId: string | null;
  readonly subscriptionId: string | null;
  readonly condition: AssetCondition | null;
  readonly assetId: string;
  readonly replacedAssetId: string | null;
};

/** A scan with what it is judged by, locked until the transaction ends. */
export type Judged = {
  readonly scan: ScanTaken;
  readonly judgement: Judgement;
  readonly units: ReadonlyMap<string, Unit>;
  readonly line: Line | null;
};

/** Locks what a scan is about, and judges it by what is true then. */
export async function judgeNow(tx: Tx, tenantId: string, scan: ScanTaken, isForced: boolean): Promise<Judged> {
  const lineId = scan.kind === 'install' ? scan.subscriptionId : null;
  const ids = [scan.assetId, scan.replacedAssetId].flatMap((id) => id ?? []);
  const { line, units } = await lockSituation(tx, tenantId, lineId, ids);
  if (lineId !== null && line === null) throw invalid('subscription_id', 'There is no such subscription.');
  const unit = units.get(scan.assetId)?.now;
  if (!unit) throw new Error(`The unit ${scan.assetId} of a scan is not there.`);
  const replaced = scan.replacedAssetId === null ? null : (units.get(scan.replacedAssetId)?.now ?? null);
  if (line?.isBusy && !unit.isBusy) return { scan, judgement: { do: 'hold', problem: 'busy', unit }, units, line };
  const asked = {
    kind: scan.kind,
    technicianId: scan.technicianId,
    // A technician scans for itself alone.
    isWarehouse: scan.technicianId !== scan.scannedBy,
    condition: scan.condition ?? ('ok' as const),
    scannedAt: scan.scannedAt.getTime(),
    isForced,
  };
  const judgement = judgeScan(asked, unit, line && lineNow(line, units, replaced), replaced);
  return { scan, judgement, units, line };
}

/** What the problem of a judgement is about. */
export function problemOf({ judgement, units, line }: Judged): {
  readonly problem: ScanProblem;
  readonly details: ProblemDetails;
  readonly unit: Unit | null;
} | null {
  if (!('problem' in judgement)) return null;
  const unit = units.get(judgement.unit.id) ?? null;
  const isOfUnit = judgement.problem === 'installed_elsewhere';
  return { problem: judgement.problem, details: unit ? detailsOf(unit, isOfUnit ? null : line) : {}, unit };
}

const done = { state: 'done' } as const;
const skipped = { state: 'skipped' } as const;

/** Which steps a scan does not need, or has done at once. */
function stepsOf({ scan, judgement }: Judged): Stepped {
  if (judgement.do === 'hold') {
    return Object.fromEntries(scanSteps[scan.kind].map((name) => [name, { state: 'held' as const }]));
  }
  if (judgement.do !== 'move') {
    const rest = scanSteps[scan.kind].map((name) => [name, skipped] as const);
    return { ...Object.fromEntries(rest), asset: done };
  }
  const isOfLine = judgement.moves.some(({ subscriptionId }) => subscriptionId !== null);
  return {
    asset: done,
    ...(judgement.moves.length > 1 ? {} : { replaced: skipped }),
    ...(isOfLine ? {} : { erp: skipped, mac_lock: skipped }),
  };
}

/** Both sides have said it: the unit's history shows the technician's own word beside the warehouse's (spec A2). */
async function confirm(tx: Tx, tenantId: string, { scan, units }: Judged): Promise<void> {
  const unit = units.get(scan.assetId);
  if (!unit) return;
  await tx
    .insertInto('asset_moves')
    .values({
      tenant_id: tenantId,
      asset_id: unit.id,
      happened_at: scan.scannedAt,
      kind: 'pick_up',
      from_state: unit.state,
      to_state: unit.state,
      from_place: unit.place,
      to_place: unit.place,
      technician_id: scan.technicianId,
      moved_by: scan.scannedBy,
    })
    .execute();
}

/** The line that a scan turns out to be about, once it moves anything. */
const lineOfMoves = (moves: readonly UnitMove[]): string | null =>
  moves.find(({ subscriptionId }) => subscriptionId !== null)?.subscriptionId ?? null;

const movesOf = ({ judgement }: Judged): readonly UnitMove[] => (judgement.do === 'move' ? judgement.moves : []);

/** How a scan stands by a judgement that is no refusal. */
export function standingOf(judged: Judged) {
  const held = problemOf(judged);
  return {
    state: judged.judgement.do === 'hold' ? ('held' as const) : ('running' as const),
    problem: held?.problem ?? null,
    problem_details: held?.details ?? {},
    subscription_id: judged.scan.subscriptionId ?? lineOfMoves(movesOf(judged)),
  };
}

/** Writes what a judgement that is no refusal brings about; the scan itself stands written, as `standingOf` says. */
export async function follow(tx: Tx, following: Following, judged: Judged): Promise<Appended | null> {
  const { tenantId } = following;
  const { scan, judgement } = judged;
  const { id: scanId, scannedAt, scannedBy } = scan;
  const moves = movesOf(judged);
  const isOver = moves.length === 0 && judgement.do !== 'hold';
  const [, , begun] = await Promise.all([
    writeSteps(tx, tenantId, scanId, scan.kind, stepsOf(judged)),
    judgement.do === 'confirm' && confirm(tx, tenantId, judged),
    moves.length > 0 ? beginMoves(tx, following, { scanId, scannedAt, scannedBy }, moves, judged.units) : null,
    isOver && finishScan(tx, tenantId, scanId),
  ]);
  return begun;
}

/** A held scan, locked, as it was taken; null: it waits no more. */
export async function lockHeld(tx: Tx, tenantId: string, id: string) {
  const row = await tx
    .selectFrom('scans')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('state', '=', 'held')
    .selectAll()
    .forUpdate()
    .executeTakeFirst();
  if (!row?.asset_id) return null;
  const scan: ScanTaken = {
    id: row.id,
    kind: row.kind,
    scannedAt: row.scanned_at,
    scannedBy: row.scanned_by,
    technicianId: row.technician_id,
    subscriptionId: row.subscription_id,
    condition: row.condition,
    assetId: row.asset_id,
    replacedAssetId: row.replaced_asset_id,
  };
  return { scan, problem: row.problem ?? '', correlationId: row.correlation_id };
}

/** Judges a scan again that waits for another one; by now it may be refused. */
export async function goOn(
  tx: Tx,
  following: Omit<Following, 'correlationId'>,
  id: string,
  isForced: boolean,
): Promise<Appended | null> {
  const { tenantId } = following;
  const held = await lockHeld(tx, tenantId, id);
  if (!held || (!isForced && !isAwaiting(held.problem))) return null;
  const judged = await judgeNow(tx, tenantId, held.scan, isForced);
  const refused = judged.judgement.do === 'refuse' ? problemOf(judged) : null;
  if (refused === null) {
    const standing = standingOf(judged);
    const writing = tx
      .updateTable('scans')
      .set({ ...standing, problem_details: JSON.stringify(standing.problem_details) })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .execute();
    const begun = follow(tx, { ...following, correlationId: held.correlationId }, judged);
    return (await Promise.all([begun, writing]))[0];
  }
  await stopScan(tx, tenantId, id, 'refused', refused.problem, refused.details);
  return null;
}
