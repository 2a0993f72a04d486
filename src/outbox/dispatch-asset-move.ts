import { type Operation, readOperation } from '#db/asset-operation.ts';
import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import type { Result } from '#domain/result.ts';
import { giveUpAfterMs } from '#domain/retry.ts';
import type { Appended } from '#outbox/append.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, type MoveOutcome } from '#outbox/dispatching.ts';
import { type Order, orderOf, placesFor } from '#outbox/move-order.ts';
import { logTakenOver, TakenOver } from '#outbox/taken-over.ts';
import type { AssetFailure, AssetTracker, MoveDone, MoveWish, TrackedAsset } from '#ports/asset-tracker/port.ts';

type MoveIntent = Extract<Intent, { kind: 'asset.move' }>;

/** An id of its own for what follows within one operation: the same on every try. */
const second = (id: string): string => `${id.slice(0, -1)}${(Number.parseInt(id.slice(-1), 16) ^ 1).toString(16)}`;

async function move(tracker: AssetTracker, order: Order, wish: MoveWish): Promise<Result<MoveDone, AssetFailure>> {
  const { operationId, ref, serial, by, note, condition } = order;
  const moved = await tracker.move({ operationId, ref, serial, wish, by, note });
  if (!moved.ok || wish.kind !== 'to_warehouse' || condition !== 'damaged') return moved;
  return tracker.move({ operationId: second(operationId), ref, serial, wish: { kind: 'mark', condition }, by, note });
}

/** A login that may not is mended by a person soon, or never: it is asked again each minute, and for three days. */
const forbiddenWaitMs = 60_000;
const awayCapMs = 60_000;

type Done = { readonly verdict: Verdict; readonly outcome: MoveOutcome };

function failed(claimed: Claimed, failure: AssetFailure, found: TrackedAsset | null): Done {
  const { reason, detail } = failure;
  const isOld = Date.now() - claimed.createdAt.getTime() > giveUpAfterMs;
  if ((reason === 'unreachable' || reason === 'forbidden') && !isOld) {
    const waits = reason === 'forbidden' ? { waitMs: forbiddenWaitMs } : { capMs: awayCapMs };
    return { verdict: { state: 'retry', error: detail, ...waits }, outcome: { state: 'waits', detail } };
  }
  const state = reason === 'refused' ? 'refused' : 'held';
  return { verdict: { state: 'dead', error: detail }, outcome: { state, failure, found } };
}

/** Another process may have asked just before it died, and InvenTree be at it still (ADR 36): whoever goes on waits first. */
const takenOver: Done = {
  verdict: { state: 'later', error: 'another process has asked for it just now', waitMs: 60_000, isUntried: true },
  outcome: { state: 'waits', detail: 'another process has asked for it just now' },
};

async function attempt(d: Dispatching, claimed: Claimed, order: Order): Promise<Done> {
  const tracker = await d.stock.trackerOf(claimed.tenantId);
  const isTakenOver = !d.stock.askedHere(order.operationId, claimed.attempts);
  if (isTakenOver && tracker.feed !== null) return takenOver;
  const wish = await placesFor(d.db, claimed.tenantId, tracker, order);
  if (!wish.ok) return failed(claimed, wish.error, null);
  const moved = await move(tracker, order, wish.value);
  if (moved.ok) return { verdict: { state: 'done' }, outcome: { state: 'done', asset: moved.value.asset } };
  const found = 'found' in moved.error ? moved.error.found : null;
  return failed(claimed, moved.error, found);
}

/** What was written a moment ago by this very process need not be read again. */
const operationOf = async (d: Dispatching, { tenantId, attempts }: Claimed, id: string): Promise<Operation | null> => {
  const written = attempts === 1 ? d.stock.foreseen.take(id) : null;
  return written ?? d.db.look(tenantId, (tx) => readOperation(tx, tenantId, id));
};

/**
 * Moves a unit at its tracker, by the operation that was committed before (spec A4): repeated after any crash it is one
 * move. What follows is written in the transaction that settles the intent (law 5).
 */
export async function dispatchAssetMove(d: Dispatching, claimed: Claimed, { operationId }: MoveIntent): Promise<void> {
  const { tenantId } = claimed;
  const operation = await operationOf(d, claimed, operationId);
  const done: Done | null = operation && (await attempt(d, claimed, orderOf(operation)));
  const verdict: Verdict = done?.verdict ?? { state: 'superseded' };
  const follow = async (tx: Tx): Promise<Appended | null> => {
    const [isMine, appended] = await Promise.all([
      settleIntent(tx, claimed, verdict),
      operation && done && d.stock.moved(tx, tenantId, operation, done.outcome, d.handing),
    ]);
    // What follows was under way by then: it is rolled back, and is the other's to write.
    if (!isMine) throw new TakenOver();
    return appended;
  };
  try {
    const appended = await d.db.worker(tenantId, follow);
    if (appended) d.handing?.take(appended);
    logAttempt(d.log, claimed, verdict);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
    logTakenOver(d, claimed);
  }
}
