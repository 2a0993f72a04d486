import { sql } from 'kysely';
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
  following: Following,
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
    .where('tenant_id', '=', following.tenantId)
    .where('id', '=', subscriptionId)
    .execute();
  // Begun in this order they run in it: the line is decided about as it is locked here.
  return (await Promise.all([decideAnew(tx, following, subscriptionId, now), locking]))[0];
}

/**
 * The same for the unit that an open operation installs, and its line. The MAC is not known here, but read as it is
 * written: so all is sent with the locks under which it is read.
 */
export async function lockToUnit(
  tx: Tx,
  following: Following,
  subscriptionId: string,
  operationId: string,
  now: number,
): Promise<Appended | null> {
  const locking = sql`
    update subscriptions s set mac = a.mac, installed_at = coalesce(s.installed_at, o.happened_at), updated_at = ${new Date(now)}
    from asset_operations o join assets a on a.tenant_id = o.tenant_id and a.id = o.asset_id
    where s.tenant_id = ${following.tenantId} and s.id = ${subscriptionId} and o.tenant_id = s.tenant_id
      and o.id = ${operationId} and o.state = 'waiting'`.execute(tx);
  return (await Promise.all([decideAnew(tx, following, subscriptionId, now), locking]))[0];
}

async function decideAnew(
  tx: Tx,
  { tenantId, correlationId, handing }: Following,
  subscriptionId: string,
  now: number,
): Promise<Appended | null> {
  const marking = markLines(tx, { tenantId, correlationId, cause: 'a modem was scanned' }, [subscriptionId]);
  return (await Promise.all([decideWithin(tx, tenantId, [subscriptionId], now, handing), marking]))[0];
}
