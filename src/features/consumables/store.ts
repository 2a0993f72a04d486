import { type Insertable, type Selectable, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { orderOf, readPage } from '#db/page.ts';
import type { ConsumableMovesTable, ConsumablesTable } from '#db/tables/field-work.ts';
import { openStates } from '#domain/work-order.ts';
import type { ConsumableChange, ConsumableQuery, MoveQuery } from './schema.ts';

export type ConsumableRow = Selectable<ConsumablesTable>;
export type MoveRow = Selectable<ConsumableMovesTable>;

/** What there is for whoever looks: of a technician its own bag. */
export type Sight = { readonly tenantId: string; readonly technicianId: string | null };

const seen = (tx: Tx, { tenantId, technicianId }: Sight) =>
  tx
    .selectFrom('consumables')
    .where('tenant_id', '=', tenantId)
    .where('deleted_at', 'is', null)
    .$if(technicianId !== null, (rows) => rows.where('technician_id', '=', technicianId));

export const findConsumable = (tx: Tx, sight: Sight, id: string): Promise<ConsumableRow | undefined> =>
  seen(tx, sight).where('id', '=', id).selectAll().executeTakeFirst();

export function listConsumables(tx: Tx, sight: Sight, query: ConsumableQuery) {
  let rows = seen(tx, sight);
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind);
  if (query.place !== undefined) rows = rows.where('place', '=', query.place);
  if (query.technician_id !== undefined) rows = rows.where('technician_id', '=', query.technician_id);
  if (query.is_low !== undefined) {
    rows = rows.where((eb) => eb('quantity', query.is_low === 'true' ? '<' : '>=', eb.ref('minimum')));
  }
  if (query.search) rows = rows.where('name', 'ilike', likePattern(query.search));
  const { column, direction } = orderOf(query.sort);
  return readPage(rows.selectAll().orderBy(column, direction).orderBy('id', direction), query);
}

/** Undefined: it is there already, under this name at this place. */
export const insertConsumable = (tx: Tx, values: Insertable<ConsumablesTable>): Promise<ConsumableRow | undefined> =>
  tx
    .insertInto('consumables')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();

/** Locked: two who change one thing come one after the other. */
export const findToChange = (tx: Tx, sight: Sight, id: string): Promise<ConsumableRow | undefined> =>
  seen(tx, sight).where('id', '=', id).selectAll().forUpdate().executeTakeFirst();

export const updateConsumable = (
  tx: Tx,
  { tenant_id, id }: ConsumableRow,
  { name, kind, unit, place, minimum }: ConsumableChange,
): Promise<ConsumableRow> =>
  tx
    .updateTable('consumables')
    .set({
      updated_at: new Date(),
      ...(name !== undefined && { name }),
      ...(kind !== undefined && { kind }),
      ...(unit !== undefined && { unit }),
      ...(place !== undefined && { place }),
      ...(minimum !== undefined && { minimum: BigInt(minimum) }),
    })
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const removeConsumable = (tx: Tx, { tenant_id, id }: ConsumableRow, at: Date) =>
  tx
    .updateTable('consumables')
    .set({ deleted_at: at, updated_at: at })
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .execute();

/** Changes the quantity in one statement; undefined: it would fall below nothing, and stays. `by` may be negative. */
export const changeQuantity = (tx: Tx, tenantId: string, id: string, by: bigint): Promise<ConsumableRow | undefined> =>
  tx
    .updateTable('consumables')
    .set({ quantity: sql<bigint>`quantity + ${by}`, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .where(sql<boolean>`quantity + ${by} >= 0`)
    .returningAll()
    .executeTakeFirst();

/** The same thing at another place, made there if it is missing. */
export async function twinAt(
  tx: Tx,
  { tenant_id, name, kind, unit }: ConsumableRow,
  at: { readonly place: string; readonly technicianId: string | null },
): Promise<ConsumableRow> {
  const twin = { tenant_id, name, kind, unit, place: at.place, technician_id: at.technicianId };
  const made = await insertConsumable(tx, { ...twin, quantity: 0n });
  if (made) return made;
  return tx
    .selectFrom('consumables')
    .where('tenant_id', '=', tenant_id)
    .where(sql<boolean>`lower(name) = lower(${name}) and lower(unit) = lower(${unit})`)
    .where(sql<boolean>`lower(place) = lower(${at.place}) and technician_id is not distinct from ${at.technicianId}`)
    .where('deleted_at', 'is', null)
    .selectAll()
    .executeTakeFirstOrThrow();
}

export const insertMove = (tx: Tx, values: Insertable<ConsumableMovesTable>): Promise<MoveRow> =>
  tx.insertInto('consumable_moves').values(values).returningAll().executeTakeFirstOrThrow();

/** Locks one caller's reference until the transaction ends: of two at once the second finds the first's move. */
export const lockRef = (tx: Tx, tenantId: string, by: string, clientRef: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`consumable ${tenantId} ${by} ${clientRef}`}, 0))`.execute(tx);

export const findMove = (tx: Tx, tenantId: string, by: string, clientRef: string): Promise<MoveRow | undefined> =>
  tx
    .selectFrom('consumable_moves')
    .where('tenant_id', '=', tenantId)
    .where('moved_by', '=', by)
    .where('client_ref', '=', clientRef)
    .selectAll()
    .executeTakeFirst();

/** The newest first. */
export function listMoves(tx: Tx, tenantId: string, id: string, query: MoveQuery) {
  let rows = tx.selectFrom('consumable_moves').where('tenant_id', '=', tenantId).where('consumable_id', '=', id);
  if (query.kind !== undefined) rows = rows.where('kind', '=', query.kind);
  return readPage(rows.selectAll().orderBy('at', 'desc').orderBy('id', 'desc'), query);
}

/** Whether there is such an order; of a technician: one of its own that is open. */
export async function orderExists(tx: Tx, { tenantId, technicianId }: Sight, id: string): Promise<boolean> {
  let rows = tx.selectFrom('work_orders').where('tenant_id', '=', tenantId).where('id', '=', id);
  if (technicianId !== null) {
    rows = rows.where('technician_id', '=', technicianId).where('state', 'in', [...openStates, 'installed']);
  }
  return (await rows.select('id').executeTakeFirst()) !== undefined;
}

export async function isTechnician(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('role', '=', 'technician')
    .where('is_active', '=', true)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Whoever sees to it that there is enough. */
export const keepers = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('users')
    .where('tenant_id', '=', tenantId)
    .where('role', 'in', ['admin', 'warehouse'])
    .where('is_active', '=', true)
    .select(['id', 'email'])
    .orderBy('id')
    .execute();

export async function settingsOf(tx: Tx, tenantId: string): Promise<unknown> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return (await query.executeTakeFirstOrThrow()).settings;
}
