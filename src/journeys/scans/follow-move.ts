import { sql } from 'kysely';
import { recordAsset } from '#db/asset-mirror.ts';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { finishScan, noteStep, stopScan } from '#db/scan-steps.ts';
import type { TrackedAsset } from '#domain/asset.ts';
import type { ScanStep } from '#domain/scan.ts';
import { awaiting, type ProblemDetails, type ScanProblem } from '#domain/scan-problem.ts';
import { advanceOrder } from '#features/work-orders/verbs.ts';
import type { Appended, Handing } from '#outbox/append.ts';
import type { Clock } from '#platform/clock.ts';
import { appendOne, type Following, joined } from './begin-scan.ts';
import { changeLock } from './change-lock.ts';
import { closeOperation, hasMoved, type Operation, openOperations, readOperation } from './operation.ts';
import { recordMove, tellLine } from './record-move.ts';
import { nameOf } from './refusing.ts';
import { lockUnits, type Unit } from './situation.ts';

/** What became of an operation at the tracker; a failure's words are the tracker's. */
export type Moved =
  | { readonly state: 'done'; readonly asset: TrackedAsset }
  | { readonly state: 'waits'; readonly detail: string }
  | {
      readonly state: 'refused' | 'held';
      readonly failure: { readonly reason: string; readonly refusal?: string; readonly detail: string };
      readonly found: TrackedAsset | null;
    };

const stepOf = ({ kind, scan_kind }: Operation): ScanStep =>
  scan_kind === 'install' && kind !== 'install' ? 'replaced' : 'stock';

const refusals: Readonly<Record<string, ScanProblem>> = {
  gone: 'tracker_gone',
  elsewhere: 'tracker_elsewhere',
  at_customer: 'tracker_at_customer',
  not_at_customer: 'tracker_not_at_customer',
  wrong_status: 'tracker_wrong_status',
  not_salable: 'tracker_not_salable',
  serial_differs: 'tracker_serial_differs',
  no_such_place: 'tracker_no_such_place',
  not_a_customer: 'tracker_not_a_customer',
};

const whereFound = (found: TrackedAsset | null): string => (found && found.at.kind !== 'nowhere' ? found.at.name : '–');

/** It will not be moved, or a person must look. What a swap has moved before stays moved, and then a person must look too. */
async function stop(
  tx: Tx,
  tenantId: string,
  op: Operation,
  unit: Unit,
  { state, failure, found }: Extract<Moved, { failure: unknown }>,
): Promise<void> {
  const problem =
    state === 'refused'
      ? (refusals[failure.refusal ?? ''] ?? 'tracker_rejected')
      : failure.reason === 'mixed'
        ? 'tracker_mixed'
        : 'tracker_rejected';
  const details: ProblemDetails = { serial: nameOf(unit), place: whereFound(found), detail: failure.detail };
  const isBegun = op.scan_id !== null && (await hasMoved(tx, tenantId, op.scan_id));
  const isHeld = state === 'held' || isBegun;
  await closeOperation(tx, tenantId, op.id, isHeld ? 'held' : 'refused', problem);
  if (found) await recordAsset(tx, tenantId, op.tracker, found);
  if (op.scan_id === null) return;
  if (!isHeld) {
    for (const { id } of await openOperations(tx, tenantId, op.scan_id)) {
      await closeOperation(tx, tenantId, id, 'refused', problem);
    }
  }
  await stopScan(tx, tenantId, op.scan_id, isHeld ? 'held' : 'refused', problem, details);
}

/** Scans that wait for this unit, or for the line that it went to, are judged again once this is committed. */
async function wakeWaiting(tx: Tx, following: Following, op: Operation): Promise<Appended | null> {
  const { rows } = await sql<{ asset_id: string }>`
    select distinct asset_id from scans where tenant_id = ${following.tenantId} and state = 'held'
      and problem = any(${[...awaiting]}::text[]) and asset_id is not null and id is distinct from ${op.scan_id}
      and (asset_id = ${op.asset_id} or replaced_asset_id = ${op.asset_id} or subscription_id = ${op.subscription_id})`.execute(
    tx,
  );
  const all: Appended[] = [];
  for (const { asset_id: assetId } of rows) {
    all.push(await appendOne(tx, following, { kind: 'scan.resume', assetId }, null));
  }
  return joined(all);
}

/** What the line was decided to be, in one word: whoever owes is isolated with a new modem too. */
async function noteActivation(tx: Tx, tenantId: string, scanId: string, subscriptionId: string): Promise<void> {
  const row = await tx
    .selectFrom('access')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', subscriptionId)
    .select('state')
    .executeTakeFirst();
  await noteStep(tx, tenantId, scanId, 'activation', 'done', row?.state ?? 'pending');
}

/** What a unit that came to a line, or left it, means for the line: its lock, its ledger, its service (spec R3, A4). */
async function followLine(
  tx: Tx,
  following: Following,
  op: Operation,
  unit: Unit,
  now: number,
): Promise<readonly (Appended | null)[]> {
  const { tenantId } = following;
  const { subscription_id: line, scan_id: scanId } = op;
  if (line === null || scanId === null) return [];
  const isInstall = op.kind === 'install';
  const mac = isInstall ? unit.mac : op.locked_mac === unit.mac ? null : op.locked_mac;
  const locked = await changeLock(tx, following, line, { mac, installedAt: isInstall ? op.happened_at : null }, now);
  if (isInstall && mac === null) {
    await noteStep(tx, tenantId, scanId, 'mac_lock', 'skipped', 'its MAC is not known: any modem may log in');
  }
  if (isInstall) await noteActivation(tx, tenantId, scanId, line);
  const isElsewhere = (await ledgerKind(tx, tenantId)) === 'erpnext';
  if (!isElsewhere) await noteStep(tx, tenantId, scanId, 'erp', 'skipped');
  const told = isElsewhere
    ? await appendOne(tx, following, { kind: 'ledger.modem', subscriptionId: line }, line)
    : null;
  return [locked, told, await appendOne(tx, following, { kind: 'scan.watch', scanId }, line)];
}

async function done(
  tx: Tx,
  following: Following,
  op: Operation,
  unit: Unit,
  asset: TrackedAsset,
  now: number,
): Promise<Appended> {
  const { tenantId } = following;
  await Promise.all([
    closeOperation(tx, tenantId, op.id, 'done', null),
    recordMove(tx, tenantId, op, unit, asset),
    tellLine(tx, tenantId, op, unit),
  ]);
  const label = { kind: 'asset.label', assetId: op.asset_id } as const;
  const isLabelled = op.tracker !== 'builtin' && op.subscription_id !== null;
  const labelling = isLabelled ? await appendOne(tx, following, label, op.subscription_id) : null;
  const waking = joined([labelling, await wakeWaiting(tx, following, op)]);
  if (op.scan_id === null) return joined([waking]);
  await noteStep(tx, tenantId, op.scan_id, stepOf(op), 'done', asset.at.kind === 'nowhere' ? '' : asset.at.name);
  const [next] = await openOperations(tx, tenantId, op.scan_id);
  // The lock moves with the new modem: until then the old one's stands.
  const after = next
    ? [await appendOne(tx, following, { kind: 'asset.move', operationId: next.id }, next.subscription_id)]
    : await followLine(tx, following, op, unit, now);
  await finishScan(tx, tenantId, op.scan_id);
  return joined([waking, ...after]);
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

/**
 * What follows from a move at the tracker, in the transaction that settles its intent (law 5): the mirror, the history, the
 * scan's step, and what the step is followed by. Answers what was appended, for the time after the commit.
 */
export const createFollowMove =
  (clock: Clock) =>
  async (
    tx: Tx,
    tenantId: string,
    operationId: string,
    moved: Moved,
    handing: Handing | null,
  ): Promise<Appended | null> => {
    const op = await readOperation(tx, tenantId, operationId);
    if (!op) return null;
    if (moved.state === 'waits') {
      if (op.scan_id !== null) await noteStep(tx, tenantId, op.scan_id, stepOf(op), 'waiting', moved.detail);
      return null;
    }
    if (moved.state === 'done') await advanceItsOrder(tx, tenantId, op);
    // The line before the unit: as whoever scans locks them.
    if (op.subscription_id !== null) {
      await sql`select from subscriptions where tenant_id = ${tenantId} and id = ${op.subscription_id} for update`.execute(
        tx,
      );
    }
    const unit = (await lockUnits(tx, tenantId, [op.asset_id])).get(op.asset_id);
    if (!unit) return null;
    const following: Following = { tenantId, correlationId: op.correlation_id, handing };
    if (moved.state === 'done') return done(tx, following, op, unit, moved.asset, clock());
    await stop(tx, tenantId, op, unit, moved);
    return wakeWaiting(tx, following, op);
  };
