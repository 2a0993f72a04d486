import type { Insertable } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readPage } from '#db/page.ts';
import type { AttendanceTable } from '#db/tables/field-work.ts';
import type { CheckInQuery } from './schema.ts';

/** Whose attendance somebody sees; null: everybody's. */
export type Sight = { readonly tenantId: string; readonly userId: string | null };

const rowsSeen = (tx: Tx, { tenantId, userId }: Sight) =>
  tx
    .selectFrom('attendance as a')
    .innerJoin('users as u', (join) => join.onRef('u.tenant_id', '=', 'a.tenant_id').onRef('u.id', '=', 'a.user_id'))
    .where('a.tenant_id', '=', tenantId)
    .$if(userId !== null, (rows) => rows.where('a.user_id', '=', userId));

const columns = [
  'a.id',
  'a.user_id',
  'u.name as user_name',
  'a.kind',
  'a.at',
  'a.received_at',
  'a.latitude',
  'a.longitude',
  'a.accuracy_m',
  'a.place',
  'a.distance_m',
  'a.is_outside',
  'a.note',
  'a.erp_checkin',
  'a.erp_error',
] as const;

/** The newest first. */
export function listCheckIns(tx: Tx, sight: Sight, { user_id, kind, is_outside, from, to, ...page }: CheckInQuery) {
  let rows = rowsSeen(tx, sight);
  if (user_id !== undefined) rows = rows.where('a.user_id', '=', user_id);
  if (kind !== undefined) rows = rows.where('a.kind', '=', kind);
  if (is_outside !== undefined) rows = rows.where('a.is_outside', '=', is_outside === 'true');
  if (from !== undefined) rows = rows.where('a.at', '>=', new Date(from));
  if (to !== undefined) rows = rows.where('a.at', '<=', new Date(to));
  return readPage(rows.select(columns).orderBy('a.at', 'desc').orderBy('a.id', 'desc'), page);
}

export const findByRef = (tx: Tx, tenantId: string, userId: string, clientRef: string) =>
  rowsSeen(tx, { tenantId, userId }).where('a.client_ref', '=', clientRef).select(columns).executeTakeFirstOrThrow();
export type CheckInRow = Awaited<ReturnType<typeof findByRef>>;

/** False: this phone has said it before. */
export async function insertCheckIn(tx: Tx, values: Insertable<AttendanceTable>): Promise<string | null> {
  const row = await tx
    .insertInto('attendance')
    .values(values)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id', 'client_ref']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Who comes and goes; undefined: the key of a program. */
export const findUser = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select('erp_employee')
    .executeTakeFirst();

export async function settingsOf(tx: Tx, tenantId: string): Promise<unknown> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return (await query.executeTakeFirstOrThrow()).settings;
}
