import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { permissionsOf } from '#domain/permissions.ts';
import type { NewScan } from '#features/scans/verbs.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';

/** Refuses a technician who scans for another; of who keeps the stock the scan names whose bag it is about. */
export function bagOf({ caller }: Who, { kind, technician_id: named }: NewScan): string | null {
  if (kind === 'hand_over') demand(caller, 'assets:write');
  if (caller.role !== 'technician') {
    if (kind === 'hand_over' && named === undefined) throw invalid('technician_id', 'says who is given the unit');
    return named ?? null;
  }
  if (named !== undefined && named !== caller.userId) {
    throw new Refusal('FORBIDDEN', 'A technician scans for itself: leave technician_id out.', {
      field: 'technician_id',
    });
  }
  return caller.userId;
}

/** Whose bag a scan says it is about, before anybody has looked whether it may be. */
export const namedHolder = ({ caller }: Who, { technician_id: named }: NewScan): string | null =>
  caller.role === 'technician' ? caller.userId : (named ?? null);

/** Whether a unit can be in somebody's bag: of an active user who may scan. */
export async function mayHold(tx: Tx, { tenantId }: Who, id: string): Promise<boolean> {
  const { rows } = await sql<{ readonly role: string }>`
    select role from users where tenant_id = ${tenantId} and id = ${id} and is_active`.execute(tx);
  const [user] = rows;
  return user !== undefined && permissionsOf(user.role).includes('scans:write');
}

const oldestMs = 30 * 24 * 3_600_000;
const aheadMs = 10 * 60_000;

/**
 * When it was scanned, ms since 1970. Phones' clocks differ: some minutes ahead of the hub's are taken as now; more would
 * put scans in a wrong order, and is for the owner of the phone to mend. `now` in ms since 1970.
 */
export function scannedAt({ scanned_at: text }: NewScan, now: number): number {
  const at = Date.parse(text);
  if (at > now + aheadMs) throw invalid('scanned_at', "lies in the future: set the phone's clock");
  if (at < now - oldestMs) throw invalid('scanned_at', 'is more than 30 days ago');
  return Math.min(at, now);
}
