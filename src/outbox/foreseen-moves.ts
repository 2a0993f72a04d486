import type { Operation } from '#db/asset-operation.ts';
import type { MovesToCome } from '#outbox/append.ts';
import type { AssetTracker } from '#ports/asset-tracker/port.ts';

/** Moves that this process is about to be given: their operations as they were written, and the tracker looking already. */
export type ForeseenMoves = MovesToCome & {
  /** Once; null: it was not foreseen here. */
  take(operationId: string): Operation | null;
};

/** More at once are many: what counts then is how many, not how soon. */
const most = 4;
/** What was not handed over by then never will be: its transaction was rolled back, or it waits to be claimed. */
const keptMs = 2_000;

export function createForeseenMoves(trackerOf: (tenantId: string) => Promise<AssetTracker>): ForeseenMoves {
  const known = new Map<string, { readonly since: number; readonly operation: Operation }>();

  return {
    begin(tenantId, operationId, ref) {
      // Behind what is being written just now, which must not wait for it.
      setImmediate(() => {
        // A failure is not told here: what was not begun is looked at when it is moved.
        trackerOf(tenantId).then(
          (tracker) => tracker.foresee?.(operationId, ref),
          () => undefined,
        );
      });
    },
    know(operation) {
      const since = performance.now();
      for (const [id, one] of known) if (since - one.since > keptMs) known.delete(id);
      if (known.size < most) known.set(operation.id, { since, operation });
    },
    take(operationId) {
      const one = known.get(operationId);
      known.delete(operationId);
      return one && performance.now() - one.since <= keptMs ? one.operation : null;
    },
  };
}
