import { sql } from 'kysely';
import type { Operation } from '#db/asset-operation.ts';
import type { Tx } from '#db/database.ts';
import { hasErpnext } from '#db/ledger-kind.ts';
import { finishScan, noteStep } from '#db/scan-steps.ts';
import type { TrackedAsset } from '#domain/asset.ts';
import type { ScanStep } from '#domain/scan.ts';
import { awaiting } from '#domain/scan-problem.ts';
import { advanceOrder } from '#features/work-orders/verbs.ts';
import type { Appended, Handing } from '#outbox/append.ts';
import type { Clock } from '#platform/clock.ts';
import { appendAll, type Following, joined, moveOf, type Wanted } from './begin-scan.ts';
import { changeLock, lockToUnit } from './change-lock.ts';
import { closeOperation, isOpen, openOperations, waits } from './operation.ts';
import { recordMove, tellLine } from './record-move.ts';
import { type LockedUnit, lockLine, lockUnit } from './situation.ts';
import { type Moved, stopMove } from './stop-move.ts';

const stepOf = ({ kind, scan_kind }: Operation): ScanStep =>
  scan_kind === 'install' && kind !== 'install' ? 'replaced' : 'stock';

type Around = {
  readonly isOpen: boolean;
  readonly isErpnext: boolean;
  /** Units of which scans wait for this one, or for the line that it went to: they are judged again once this is committed. */
  readonly waiting: readonly string[];
};

/** What stands around an operation that is over. */
async function readAround(tx: Tx, tenantId: string, op: Operation): Promise<Around | undefined> {
  const { rows } = await sql<Around>`
    select ${waits(tenantId, op.id)} as "isOpen", ${hasErpnext(tenantId)} as "isErpnext",
      array(select distinct asset_id from scans where tenant_id = ${tenantId} and state = 'held'
        and problem = any(${[...awaiting]}::text[]) and asset_id is not null and id is distinct from ${op.scan_id}
        and (asset_id = ${op.asset_id} or replaced_asset_id = ${op.asset_id} or subscription_id = ${op.subscription_id})
      ) as waiting`.execute(tx);
  return rows[0];
}

/** A done operation with what it is followed by, read under the locks of its line and its unit. */
type Situation = {
  readonly op: Operation;
  readonly unit: LockedUnit;
  /** Which modem the line is locked to. */
  readonly lockedMac: string | null;
  readonly waiting: readonly Wanted[];
  /** What the scan moves after it. */
  readonly next: Wanted | null;
  readonly isErpnext: boolean;
};

/** The line before the unit: as whoever scans locks them. All is asked for at once; null: it is over, or without a unit. */
async function lockAround(tx: Tx, tenantId: string, asked: Operation): Promise<Situation | null> {
  const { id, asset_id: assetId, scan_id: scanId, subscription_id: lineId, is_last: isLast } = asked;
  const locking = lineId === null ? null : lockLine(tx, tenantId, lineId);
  const [unit, around, open, line] = await Promise.all([
    lockUnit(tx, tenantId, assetId),
    readAround(tx, tenantId, asked),
    scanId === null || isLast ? [] : openOperations(tx, tenantId, scanId),
    locking,
  ]);
  if (!unit || !around?.isOpen) return null;
  const next = open.find((one) => one.id !== id);
  return {
    // It was read before the tracker was asked; the line may have become another's since.
    op: { ...asked, customer_id: line?.customerId ?? asked.customer_id },
    unit,
    lockedMac: line?.mac ?? null,
    waiting: around.waiting.map((unitId) => ({
      intent: { kind: 'scan.resume', assetId: unitId },
      subscriptionId: null,
    })),
    next: next ? moveOf(next.id, next.subscription_id) : null,
    isErpnext: around.isErpnext,
  };
}

/** What the line was decided to be, in one word: whoever owes is isolated with a new modem too. */
const noteActivation = (tx: Tx, tenantId: string, scanId: string, line: string): Promise<void> =>
  noteStep(
    tx,
    tenantId,
    scanId,
    'activation',
    'done',
    sql`coalesce((select state from access where tenant_id = ${tenantId} and subscription_id = ${line}), 'pending')`,
  );

/** What a unit that came to a line, or left it, means for the line's lock and service (spec R3, A4). */
function followLine(
  tx: Tx,
  following: Following,
  { op, unit, lockedMac }: Situation,
  now: number,
): Promise<Appended | null> | null {
  const { subscription_id: line, scan_id: scanId } = op;
  if (line === null || scanId === null) return null;
  const isInstall = op.kind === 'install';
  const mac = isInstall ? unit.mac : lockedMac === unit.mac ? null : lockedMac;
  return changeLock(tx, following, line, { mac, installedAt: isInstall ? op.happened_at : null }, now);
}

const unlocked = 'its MAC is not known: any modem may log in';

/** Steps that a scan for a line does not come to. */
async function skipSteps(tx: Tx, tenantId: string, { op, unit, next, isErpnext }: Situation): Promise<void> {
  const { scan_id: scanId, subscription_id: line, kind } = op;
  if (next !== null || scanId === null || line === null) return;
  await Promise.all([
    kind === 'install' && unit.mac === null && noteStep(tx, tenantId, scanId, 'mac_lock', 'skipped', unlocked),
    !isErpnext && noteStep(tx, tenantId, scanId, 'erp', 'skipped'),
  ]);
}

/** The label in the tracker is for people who look there some time, and so is ERPNext's note; RADIUS' rows are waited for. */
const labelWaitMs = 500;
const tellWaitMs = 250;
/** Sooner the rows, which the first look asks for, are hardly written. */
const watchWaitMs = 250;

/** What is to be done after a move, beside what the line's decision brings about. */
function wantedAfter({ op, waiting, next, isErpnext }: Situation): readonly Wanted[] {
  const { asset_id: assetId, scan_id: scanId, subscription_id: line } = op;
  const isLabelled = op.tracker !== 'builtin' && line !== null;
  const isOver = next === null && line !== null && scanId !== null;
  const told: Wanted = { intent: { kind: 'ledger.modem', subscriptionId: line ?? '' }, subscriptionId: line };
  const watch: Wanted = { intent: { kind: 'scan.watch', scanId: scanId ?? '' }, subscriptionId: line };
  const label: Wanted = { intent: { kind: 'asset.label', assetId }, subscriptionId: line };
  return [
    ...(next ? [next] : []),
    ...waiting,
    ...(isOver && isErpnext ? [{ ...told, waitMs: tellWaitMs }] : []),
    ...(isOver ? [{ ...watch, waitMs: watchWaitMs }] : []),
    ...(isLabelled ? [{ ...label, waitMs: labelWaitMs }] : []),
  ];
}

/**
 * All that does not wait for another's answer is sent at once, and runs in the order in which it stands here. `locking`: the
 * line's lock is being changed already.
 */
async function done(
  tx: Tx,
  following: Following,
  situation: Situation,
  asset: TrackedAsset,
  locking: Promise<Appended | null> | null,
  now: number,
): Promise<Appended> {
  const { tenantId } = following;
  const { op, unit, next } = situation;
  const { scan_id: scanId } = op;
  const place = asset.at.kind === 'nowhere' ? '' : asset.at.name;
  const writing = [
    closeOperation(tx, tenantId, op.id, 'done', null),
    recordMove(tx, tenantId, op, unit, asset),
    tellLine(tx, tenantId, op, unit),
    scanId !== null && noteStep(tx, tenantId, scanId, stepOf(op), 'done', place),
    skipSteps(tx, tenantId, situation),
  ];
  // The lock moves with the new modem: until then the old one's stands.
  const [locked, wanted] = await Promise.all([
    next ? null : (locking ?? followLine(tx, following, situation, now)),
    appendAll(tx, following, wantedAfter(situation)),
    ...writing,
  ]);
  const line = next === null ? op.subscription_id : null;
  // Whatever is watched ends with what its watch sees: the lock, and the modem online.
  if (scanId !== null && line === null) await finishScan(tx, tenantId, scanId);
  // It travels with the commit, which fails if it does.
  else if (scanId !== null && line !== null && op.kind === 'install') {
    noteActivation(tx, tenantId, scanId, line).catch(() => undefined);
  }
  return joined([locked, wanted]);
}

/** The modem that is installed, or taken out for good, shows that the work is done. */
async function advanceItsOrder(tx: Tx, tenantId: string, op: Operation): Promise<void> {
  const { work_order_id: order, kind, scan_kind, latitude, longitude } = op;
  const isWork = kind === 'install' || (kind === 'uninstall' && scan_kind === 'return');
  if (order === null || !isWork) return;
  const position = latitude === null || longitude === null ? null : { latitude, longitude };
  const { correlation_id: correlationId, happened_at: at, requested_by: userId } = op;
  await advanceOrder(tx, order, { tenantId, correlationId, at, userId, position });
}

/** An installation by itself: which modem its line is locked to is known, so all is asked for and written at once. */
const lockEarly = (tx: Tx, following: Following, op: Operation, now: number): Promise<Appended | null> | null =>
  op.kind === 'install' && op.is_last && op.scan_id !== null && op.subscription_id !== null
    ? lockToUnit(tx, following, op.subscription_id, op.id, now)
    : null;

/**
 * What follows from a move at the tracker, in the transaction that settles its intent (law 5): the mirror, the history, the
 * scan's step, and what the step is followed by. Answers what was appended, for the time after the commit. `op`: as it was
 * when the tracker was asked.
 */
export const createFollowMove =
  (clock: Clock) =>
  async (tx: Tx, tenantId: string, op: Operation, moved: Moved, handing: Handing | null): Promise<Appended | null> => {
    if (moved.state === 'waits') {
      if (op.scan_id !== null) await noteStep(tx, tenantId, op.scan_id, stepOf(op), 'waiting', moved.detail);
      return null;
    }
    const isDone = moved.state === 'done';
    if (isDone && op.work_order_id !== null) {
      if (!(await isOpen(tx, tenantId, op.id))) return null;
      await advanceItsOrder(tx, tenantId, op);
    }
    const following: Following = { tenantId, correlationId: op.correlation_id, handing };
    const now = clock();
    const looking = lockAround(tx, tenantId, op);
    // Begun after the locks it runs under them; of an operation that is over it changes nothing.
    const locking = isDone ? lockEarly(tx, following, op, now) : null;
    // Both are on one connection, where one's failure is the other's too: whoever waits for either is told.
    locking?.catch(() => undefined);
    const situation = await looking;
    if (!situation) return locking;
    if (moved.state === 'done') return done(tx, following, situation, moved.asset, locking, now);
    await stopMove(tx, tenantId, op, situation.unit, moved);
    return appendAll(tx, following, situation.waiting);
  };
