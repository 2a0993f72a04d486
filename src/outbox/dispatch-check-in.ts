import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { localTime } from '#domain/local-time.ts';
import type { Claimed } from '#outbox/claim.ts';
import { dispatchPush, type Pushing } from '#outbox/dispatch-push.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { NewLedgerCheckIn } from '#ports/ledger/push/port.ts';

type CheckInIntent = Extract<Intent, { kind: 'ledger.checkin' }>;

async function read(tx: Tx, { tenantId }: Claimed, id: string): ReturnType<Pushing<NewLedgerCheckIn>['read']> {
  const row = await tx
    .selectFrom('attendance as a')
    .innerJoin('users as u', (join) => join.onRef('u.tenant_id', '=', 'a.tenant_id').onRef('u.id', '=', 'a.user_id'))
    .innerJoin('tenants as t', 't.id', 'a.tenant_id')
    .where('a.tenant_id', '=', tenantId)
    .where('a.id', '=', id)
    .select(['a.kind', 'a.at', 'a.latitude', 'a.longitude', 'a.place', 'a.is_outside', 'a.erp_checkin'])
    .select(['u.erp_employee', 't.settings'])
    .executeTakeFirst();
  if (!row || row.erp_checkin !== null || row.erp_employee === null) return { verdict: { state: 'superseded' } };
  const { kind, latitude, longitude, erp_employee: employee } = row;
  const at = localTime(row.at.getTime(), readTenantSettings(row.settings).time_zone);
  const place = row.is_outside ? '' : (row.place ?? '');
  return { row: { hubRef: id, employee, kind, at, latitude, longitude, place } };
}

const note = (tx: Tx, tenantId: string, id: string, told: { erp_checkin?: string; erp_error: string | null }) =>
  tx.updateTable('attendance').set(told).where('tenant_id', '=', tenantId).where('id', '=', id).execute();

/** Has the ledger's HR get that somebody came or went, as one Employee Checkin. */
export const dispatchCheckIn = (d: Dispatching, claimed: Claimed, { checkInId }: CheckInIntent): Promise<void> =>
  dispatchPush<NewLedgerCheckIn>(d, claimed, {
    read: (tx) => read(tx, claimed, checkInId),
    push: (push, checkIn) => push.recordCheckIn(checkIn),
    keep: (tx, name) => note(tx, claimed.tenantId, checkInId, { erp_checkin: name, erp_error: null }),
    died: (tx, error) => note(tx, claimed.tenantId, checkInId, { erp_error: error }),
    // One mail a morning for each who comes would be read by nobody: the list shows it.
    words: null,
  });
