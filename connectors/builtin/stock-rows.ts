import { type SelectQueryBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { assetState, type TrackedStatus, trackedStatuses } from '#domain/asset.ts';
import type { MoveOrder, TrackedAsset, TrackedAt } from '#ports/asset-tracker/port.ts';
import { statusAfter } from '#ports/asset-tracker/protocol.ts';

/** The one place of the own list that is nobody's bag. */
export const warehouse = { ref: 'warehouse', name: 'Gudang' };
export const bagRef = (technicianId: string): string => `bag:${technicianId}`;
const bagOwner = (ref: string): string | null => /^bag:([0-9a-f-]{36})$/.exec(ref)?.[1] ?? null;

const unitRows = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('assets as a')
    .leftJoin('users as u', (join) =>
      join.onRef('u.tenant_id', '=', 'a.tenant_id').onRef('u.id', '=', 'a.technician_id'),
    )
    .leftJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'a.tenant_id').onRef('c.id', '=', 'a.customer_id'),
    )
    .where('a.tenant_id', '=', tenantId)
    .where('a.tracker', '=', 'builtin')
    .where('a.gone_at', 'is', null)
    .select([
      'a.id',
      'a.part',
      'a.serial',
      'a.status',
      'a.state',
      'a.technician_id',
      'a.customer_id',
      'u.name as technician',
      'c.name as customer',
    ]);
type UnitQuery = ReturnType<typeof unitRows>;
type UnitRow = UnitQuery extends SelectQueryBuilder<infer _DB, infer _Table, infer Row> ? Row : never;

function placeOf({ technician_id, technician, customer_id, customer, state }: UnitRow): TrackedAt {
  if (customer_id !== null) return { kind: 'customer', ref: customer_id, name: customer ?? '' };
  if (technician_id !== null) return { kind: 'place', ref: bagRef(technician_id), name: technician ?? '' };
  return state === 'lost' ? { kind: 'nowhere' } : { kind: 'place', ...warehouse };
}

const judgement = (status: string): TrackedStatus => trackedStatuses.find((known) => known === status) ?? 'other';

/** A row of the own list as any tracker tells of a unit. */
const tracked = (row: UnitRow): TrackedAsset => ({
  ref: row.id,
  part: { ref: row.part, name: row.part },
  serial: row.serial,
  status: judgement(row.status),
  at: placeOf(row),
});

export async function readUnit(tx: Tx, tenantId: string, ref: string): Promise<TrackedAsset | null> {
  const row = await unitRows(tx, tenantId).where(sql<boolean>`a.id::text = ${ref}`).executeTakeFirst();
  return row ? tracked(row) : null;
}

/** Nobody else moves it until this transaction has ended. */
export const lockUnit = (tx: Tx, tenantId: string, ref: string) =>
  tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('tracker', '=', 'builtin')
    .where(sql<boolean>`id::text = ${ref}`)
    .select(['id', 'state', 'place'])
    .forUpdate()
    .executeTakeFirst();

export async function findUnits(tx: Tx, tenantId: string, serialKeys: readonly string[]): Promise<TrackedAsset[]> {
  if (serialKeys.length === 0) return [];
  const rows = await unitRows(tx, tenantId).where('a.serial_key', 'in', serialKeys).orderBy('a.id').execute();
  return rows.map(tracked);
}

export async function isMoved(tx: Tx, tenantId: string, operationId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('asset_moves')
    .where('tenant_id', '=', tenantId)
    .where('operation_id', '=', operationId)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

const named = async (tx: Tx, tenantId: string, table: 'users' | 'customers', id: string): Promise<string | null> => {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(table)} where tenant_id = ${tenantId} and id::text = ${id}`.execute(tx);
  return rows[0]?.name ?? null;
};

/** The place or customer of a ref; null: there is none. */
export async function resolvePlace(tx: Tx, tenantId: string, ref: string): Promise<TrackedAt | null> {
  if (ref === warehouse.ref) return { kind: 'place', ...warehouse };
  const owner = bagOwner(ref);
  const name = owner === null ? null : await named(tx, tenantId, 'users', owner);
  return name === null ? null : { kind: 'place', ref, name };
}
export async function resolveCustomer(tx: Tx, tenantId: string, ref: string): Promise<TrackedAt | null> {
  const name = await named(tx, tenantId, 'customers', ref);
  return name === null ? null : { kind: 'customer', ref, name };
}

type Locked = NonNullable<Awaited<ReturnType<typeof lockUnit>>>;

/** Moves a locked unit, and writes the row of its history; what the hub knows of the operation stands in it. */
export async function writeMove(
  tx: Tx,
  tenantId: string,
  before: Locked,
  unit: TrackedAsset,
  to: TrackedAt | null,
  order: MoveOrder,
): Promise<void> {
  const status = statusAfter(order.wish) ?? unit.status;
  const isLost = status === 'lost';
  // Found again, it lies in the warehouse: whose bag it was lost from is no place to look for it.
  const at: TrackedAt = isLost
    ? { kind: 'nowhere' }
    : (to ?? (unit.at.kind === 'nowhere' ? { kind: 'place', ...warehouse } : unit.at));
  const technicianId = at.kind === 'place' ? bagOwner(at.ref) : null;
  const customerId = at.kind === 'customer' ? at.ref : null;
  const spot = customerId !== null ? 'customer' : technicianId !== null ? 'bag' : 'warehouse';
  const state = assetState(status, spot);
  const place = at.kind === 'nowhere' ? '' : at.name;
  await sql`
    update assets set state = ${state}, status = ${status}, technician_id = ${technicianId}, customer_id = ${customerId},
      subscription_id = case when customer_id = ${customerId}::uuid then subscription_id end, place = ${place},
      updated_at = now(), version = version + 1
    where tenant_id = ${tenantId} and id = ${before.id}`.execute(tx);
  await sql`
    insert into asset_moves (tenant_id, asset_id, happened_at, kind, from_state, to_state, from_place, to_place,
      technician_id, customer_id, subscription_id, moved_by, moved_by_name, operation_id, note)
    select ${tenantId}, ${before.id}, coalesce(o.happened_at, now()), ${order.wish.kind}, ${before.state}, ${state},
      ${before.place}, ${place}, ${technicianId}, ${customerId}, o.subscription_id, o.requested_by, ${order.by},
      ${order.operationId}, ${order.note}
    from (select 1) as one
    left join asset_operations o on o.tenant_id = ${tenantId} and o.id = ${order.operationId}`.execute(tx);
}
