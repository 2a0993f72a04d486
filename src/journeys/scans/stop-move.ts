import { recordAsset } from '#db/asset-mirror.ts';
import type { Operation } from '#db/asset-operation.ts';
import type { Tx } from '#db/database.ts';
import { stopScan } from '#db/scan-steps.ts';
import type { TrackedAsset } from '#domain/asset.ts';
import type { ProblemDetails, ScanProblem } from '#domain/scan-problem.ts';
import { closeOperation, hasMoved, openOperations } from './operation.ts';
import { nameOf } from './refusing.ts';
import type { LockedUnit } from './situation.ts';

/** What became of an operation at the tracker; a failure's words are the tracker's. */
export type Moved =
  | { readonly state: 'done'; readonly asset: TrackedAsset }
  | { readonly state: 'waits'; readonly detail: string }
  | {
      readonly state: 'refused' | 'held';
      readonly failure: { readonly reason: string; readonly refusal?: string; readonly detail: string };
      readonly found: TrackedAsset | null;
    };

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
export async function stopMove(
  tx: Tx,
  tenantId: string,
  op: Operation,
  unit: LockedUnit,
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
