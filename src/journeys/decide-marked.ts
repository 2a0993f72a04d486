import { decideWithin } from '#access/decide-lines.ts';
import { asWorker } from '#db/as-worker.ts';
import type { Tx } from '#db/database.ts';

/**
 * Decides about lines that were marked in the caller's transaction, in that transaction: whoever has paid is let in by
 * the same commit (spec L4). More than a few lines are left to the loop, as are the rows, which it finds within a second.
 * `now` in ms since 1970.
 */
export async function decideMarked(tx: Tx, tenantId: string, lines: readonly string[], now: number): Promise<void> {
  if (lines.length === 0) return;
  await asWorker(tx, () => decideWithin(tx, tenantId, lines, now, null));
}
