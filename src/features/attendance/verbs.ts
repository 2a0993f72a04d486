import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { mapPage } from '#db/page.ts';
import { appendLedgerPush } from '#outbox/append-ledger-invoice.ts';
import { demand, type Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { nearestPlace } from './nearest-place.ts';
import type { CheckIn, CheckInQuery, NewCheckIn } from './schema.ts';
import * as store from './store.ts';

const view = (row: store.CheckInRow): CheckIn => ({
  ...row,
  at: row.at.toISOString(),
  received_at: row.received_at.toISOString(),
});

/** Roles that see whoever came and went; the others see themselves. A key sees what it was given to see. */
const seesAll: readonly string[] = ['admin', 'hr', 'viewer'];
const sightOf = ({ tenantId, caller }: Who): store.Sight => ({
  tenantId,
  userId: caller.scopes !== undefined || seesAll.includes(caller.role) ? null : caller.userId,
});

const taken = {
  id: 'Kode ini sudah dipakai untuk absen yang lain.',
  en: 'This client_ref was used for another check-in.',
} as const;

/** Has ERPNext's HR get it, where that is the tenant's ledger and the user is an employee there. */
async function tellLedger(tx: Tx, who: Who, checkInId: string): Promise<void> {
  if ((await ledgerKind(tx, who.tenantId)) !== 'erpnext') return;
  await appendLedgerPush(tx, who, { kind: 'ledger.checkin', checkInId }, null);
}

/**
 * Notes that somebody came or went (spec A7), once by `client_ref`. Whoever is outside every place is noted all the same,
 * and marked: a technician begins at a customer's, and a phone's position may be wrong; `now` in ms since 1970.
 */
export async function checkIn(tx: Tx, who: Who, told: NewCheckIn, now: number): Promise<CheckIn> {
  demand(who.caller, 'attendance:write');
  const { tenantId, caller } = who;
  const user = await store.findUser(tx, tenantId, caller.userId);
  if (!user) {
    throw new Refusal('CONFLICT', 'An API key does not come and go: log in as a user.');
  }
  const settings = readTenantSettings(await store.settingsOf(tx, tenantId));
  const { kind, client_ref, latitude, longitude, accuracy_m = null, note = null } = told;
  const values = {
    tenant_id: tenantId,
    user_id: caller.userId,
    ...{ kind, client_ref, latitude, longitude, accuracy_m, note },
    at: new Date(told.at === undefined ? now : Math.min(now, Date.parse(told.at))),
    ...nearestPlace({ latitude, longitude }, settings.field_work.places),
  };
  const id = await store.insertCheckIn(tx, values);
  const row = await store.findByRef(tx, tenantId, caller.userId, client_ref);
  if (id !== null) {
    await record(tx, who, { action: 'create', entity: 'check_in', id, after: values });
    if (user.erp_employee !== null) await tellLedger(tx, who, id);
  } else if (row.kind !== kind) throw new Refusal('CONFLICT', taken[settings.language], { client_ref });
  return view(row);
}

/** Who came and went, the newest first. */
export async function listCheckIns(tx: Tx, who: Who, query: CheckInQuery) {
  demand(who.caller, 'attendance:read');
  return mapPage(await store.listCheckIns(tx, sightOf(who), query), view);
}
