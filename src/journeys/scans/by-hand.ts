import { record } from '#audit/record.ts';
import { asWorker } from '#db/as-worker.ts';
import type { Database, Tx } from '#db/database.ts';
import { finishScan, stopScan } from '#db/scan-steps.ts';
import { isAwaiting } from '#domain/scan-problem.ts';
import { type Scan, showScan } from '#features/scans/verbs.ts';
import { demand, type Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import { appendAll, type Following, moveOf } from './begin-scan.ts';
import { changeLock } from './change-lock.ts';
import { goOn, lockHeld } from './go-on.ts';
import { closeOperation, hasMoved, openOperations } from './operation.ts';

type Held = NonNullable<Awaited<ReturnType<typeof lockHeld>>>;

async function heldScan(tx: Tx, who: Who, id: string): Promise<Held> {
  demand(who.caller, 'assets:write');
  const held = await lockHeld(tx, who.tenantId, id);
  if (held) return held;
  const { status } = await showScan(tx, who, id);
  throw new Refusal('CONFLICT', `This scan is ${status}: only a held one waits for a person.`, { status });
}

const setWaiting = async (tx: Tx, tenantId: string, id: string): Promise<void> => {
  const running = { state: 'running' as const, problem: null, problem_details: '{}' };
  await tx.updateTable('scans').set(running).where('tenant_id', '=', tenantId).where('id', '=', id).execute();
  await tx
    .updateTable('scan_steps')
    .set({ state: 'waiting' })
    .where('tenant_id', '=', tenantId)
    .where('scan_id', '=', id)
    .where('state', '=', 'held')
    .execute();
};

/** Sends what was stopped at the tracker again, under the same operation. */
async function tryAgain(tx: Tx, following: Following, id: string): Promise<boolean> {
  const { tenantId } = following;
  const [first] = await openOperations(tx, tenantId, id);
  if (!first) return false;
  await tx
    .updateTable('asset_operations')
    .set({ state: 'waiting', problem: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', first.id)
    .execute();
  await appendAll(tx, following, [moveOf(first.id, first.subscription_id)]);
  return true;
}

async function retry(tx: Tx, who: Who, id: string): Promise<Scan> {
  const { tenantId } = who;
  const { problem, correlationId, scan } = await heldScan(tx, who, id);
  const following: Following = { tenantId, correlationId, handing: null };
  const isMoving = (await openOperations(tx, tenantId, id)).length > 0 || (await hasMoved(tx, tenantId, id));
  if (isAwaiting(problem) || !isMoving) {
    await goOn(tx, following, id, true);
  } else {
    await setWaiting(tx, tenantId, id);
    const isSent = await tryAgain(tx, following, id);
    const watch = { intent: { kind: 'scan.watch', scanId: id } as const, subscriptionId: scan.subscriptionId };
    if (!isSent) await appendAll(tx, following, [watch]);
    await finishScan(tx, tenantId, id);
  }
  await record(tx, who, {
    action: 'update',
    entity: 'scan',
    id,
    before: { problem },
    after: { problem: 'tried again' },
  });
  return showScan(tx, who, id);
}

/**
 * Gives up what was not moved yet. Of a swap of which only the old modem came back, the line has none any more: nor has it
 * a lock.
 */
async function cancel(tx: Tx, who: Who, id: string, now: number): Promise<Scan> {
  const { tenantId } = who;
  const { problem, correlationId, scan } = await heldScan(tx, who, id);
  const open = await openOperations(tx, tenantId, id);
  for (const operation of open) await closeOperation(tx, tenantId, operation.id, 'refused', 'cancelled');
  await stopScan(tx, tenantId, id, 'refused', 'cancelled', {});
  const isHalf =
    scan.kind === 'install' &&
    scan.replacedAssetId !== null &&
    problem !== 'not_online' &&
    (await hasMoved(tx, tenantId, id));
  if (isHalf && scan.subscriptionId !== null) {
    const following: Following = { tenantId, correlationId, handing: null };
    const { subscriptionId } = scan;
    const lock = { mac: null, installedAt: null };
    await asWorker(tx, () => changeLock(tx, following, subscriptionId, lock, now));
  }
  await record(tx, who, { action: 'update', entity: 'scan', id, before: { problem }, after: { problem: 'cancelled' } });
  return showScan(tx, who, id);
}

/** What a person may do about a held scan. */
export const createScansByHand = (db: Database, now: () => number) => ({
  retry: (who: Who, id: string): Promise<Scan> => db.tenant(who.tenantId, (tx) => retry(tx, who, id)),
  cancel: (who: Who, id: string): Promise<Scan> => db.tenant(who.tenantId, (tx) => cancel(tx, who, id, now())),
});
