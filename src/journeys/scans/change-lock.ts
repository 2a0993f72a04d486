import { decideWithin } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import type { Appended } from '#outbox/append.ts';
import type { Following } from './begin-scan.ts';

export type Lock = {
  /** The modem that may log in from now on; null: any. */
  readonly mac: string | null;
  /** Since when the line is installed, where it was not. */
  readonly installedAt: Date | null;
};

/**
 * Moves the line's lock to another modem (spec R3), and has the line decided about in the same transaction. That it is
 * installed is all that a scan says of its service: whoever owes stays isolated, and nobody is cut.
 */
export async function changeLock(
  tx: Tx,
  { tenantId, correlationId, handing }: Following,
  subscriptionId: string,
  { mac, installedAt }: Lock,
  now: number,
): Promise<Appended | null> {
  const locking = tx
    .updateTable('subscriptions')
    .set((eb) => ({
      mac,
      ...(installedAt ? { installed_at: eb.fn.coalesce('installed_at', eb.val(installedAt)) } : {}),
      updated_at: new Date(now),
    }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', subscriptionId)
    .execute();
  const marking = markLines(tx, { tenantId, correlationId, cause: 'a modem was scanned' }, [subscriptionId]);
  // Begun in this order they run in it: the line is decided about as it is locked here.
  const [decided] = await Promise.all([decideWithin(tx, tenantId, [subscriptionId], now, handing), locking, marking]);
  return decided;
}
