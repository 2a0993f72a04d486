import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { WorkOrderEventsTable, WorkOrderPhotosTable, WorkOrdersTable } from '#db/tables/field-work.ts';
import { addDays, instantAt } from '#domain/local-time.ts';
import { closedStates } from '#domain/work-order.ts';
import { Refusal } from '#platform/refusal.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';
import type { WorkOrderQuery } from './schema.ts';
import type { Sight } from './sight.ts';
import { wordsIn } from './words.ts';

export type OrderRecord = Selectable<WorkOrdersTable>;

/** Orders with whose they are, and what there is to be served. */
const orders = (tx: Tx, { tenantId, technicianId }: Sight) =>
  tx
    .selectFrom('work_orders as o')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'o.tenant_id').onRef('c.id', '=', 'o.customer_id'),
    )
    .leftJoin('subscriptions as s', (join) =>
      join.onRef('s.tenant_id', '=', 'o.tenant_id').onRef('s.id', '=', 'o.subscription_id'),
    )
    .leftJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .leftJoin('users as u', (join) =>
      join.onRef('u.tenant_id', '=', 'o.tenant_id').onRef('u.id', '=', 'o.technician_id'),
    )
    .where('o.tenant_id', '=', tenantId)
    .$if(technicianId !== null, (rows) => rows.where('o.technician_id', '=', technicianId));

const photoCount = sql<number>`(select count(*)::int from work_order_photos f
  where f.tenant_id = o.tenant_id and f.order_id = o.id)`.as('photo_count');

const columns = [
  'o.id',
  'o.number',
  'o.kind',
  'o.state',
  'o.source',
  'o.technician_id',
  'u.name as technician_name',
  'o.customer_id',
  'c.customer_code',
  'c.name as customer_name',
  'c.phone',
  'c.address',
  'c.latitude',
  'c.longitude',
  'o.subscription_id',
  's.username',
  'p.name as plan',
  'o.scheduled_at',
  'o.notes',
  'o.reason',
  'o.issued_at',
  'o.assigned_at',
  'o.installed_at',
  'o.closed_at',
  'o.updated_at',
] as const;

export const findOrder = (tx: Tx, sight: Sight, id: string) =>
  orders(tx, sight).where('o.id', '=', id).select(columns).select(photoCount).executeTakeFirst();
export type OrderRow = NonNullable<Awaited<ReturnType<typeof findOrder>>>;

/** Locked: of two steps at once the second sees what the first made of it. */
export const findOrderToChange = (
  tx: Tx,
  { tenantId, technicianId }: Pick<Sight, 'tenantId' | 'technicianId'>,
  id: string,
): Promise<OrderRecord | undefined> =>
  tx
    .selectFrom('work_orders')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .$if(technicianId !== null, (rows) => rows.where('technician_id', '=', technicianId))
    .selectAll()
    .forUpdate()
    .executeTakeFirst();

type Listed = ReturnType<typeof orders>;

function scheduledOn(rows: Listed, day: string, zone: string): Listed {
  const from = new Date(instantAt(day, 0, 0, zone));
  const until = new Date(instantAt(addDays(day, 1), 0, 0, zone));
  return rows.where('o.scheduled_at', '>=', from).where('o.scheduled_at', '<', until);
}

const searchColumns = ['o.number', 'c.name', 'c.customer_code'] as const;
const contactColumns = ['c.phone', 'c.address'] as const;

export function listOrders(tx: Tx, sight: Sight, query: WorkOrderQuery, zone: string): Promise<Page<OrderRow>> {
  let rows = orders(tx, sight);
  if (query.state !== undefined) rows = rows.where('o.state', '=', query.state);
  if (query.kind !== undefined) rows = rows.where('o.kind', '=', query.kind);
  if (query.open !== undefined) rows = rows.where('o.state', query.open === 'true' ? 'not in' : 'in', closedStates);
  for (const name of ['technician_id', 'customer_id', 'subscription_id'] as const) {
    const wanted = query[name];
    if (wanted !== undefined) rows = rows.where(`o.${name}`, '=', wanted);
  }
  if (query.scheduled_on !== undefined) rows = scheduledOn(rows, query.scheduled_on, zone);
  if (query.search) {
    const pattern = likePattern(query.search);
    const among = [...searchColumns, ...(sight.seesContact ? contactColumns : [])];
    rows = rows.where((eb) => eb.or(among.map((column) => eb(column, 'ilike', pattern))));
  }
  const { column, direction } = orderOf(query.sort);
  const listed = rows.select(columns).select(photoCount);
  return readPage(listed.orderBy(`o.${column}`, direction).orderBy('o.id', direction), query);
}

export const insertOrder = (tx: Tx, values: Insertable<WorkOrdersTable>): Promise<OrderRecord | undefined> =>
  tx
    .insertInto('work_orders')
    .values(values)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();

/** The order that a new line waits for. */
export const installationOf = (tx: Tx, tenantId: string, lineId: string): Promise<OrderRecord | undefined> =>
  tx
    .selectFrom('work_orders')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', lineId)
    .where('kind', '=', 'install')
    .selectAll()
    .orderBy('issued_at', 'desc')
    .limit(1)
    .executeTakeFirst();

export const updateOrder = (
  tx: Tx,
  { tenant_id, id }: OrderRecord,
  change: Updateable<WorkOrdersTable>,
): Promise<OrderRecord> =>
  tx
    .updateTable('work_orders')
    .set({ ...change, updated_at: new Date() })
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const insertStep = (tx: Tx, values: Insertable<WorkOrderEventsTable>) =>
  tx.insertInto('work_order_events').values(values).execute();

export const stepsOf = (tx: Tx, tenantId: string, orderId: string) =>
  tx
    .selectFrom('work_order_events')
    .where('tenant_id', '=', tenantId)
    .where('order_id', '=', orderId)
    .selectAll()
    .orderBy('no')
    .execute();
export type StepRow = Awaited<ReturnType<typeof stepsOf>>[number];

/** Whether a phone has told this step before. */
export async function isKnownStep(tx: Tx, { tenant_id, id }: OrderRecord, clientRef: string): Promise<boolean> {
  const row = await tx
    .selectFrom('work_order_events')
    .where('tenant_id', '=', tenant_id)
    .where('order_id', '=', id)
    .where('client_ref', '=', clientRef)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

export type PhotoRow = Selectable<WorkOrderPhotosTable>;
export const photosOf = (tx: Tx, tenantId: string, orderId: string): Promise<PhotoRow[]> =>
  tx
    .selectFrom('work_order_photos')
    .where('tenant_id', '=', tenantId)
    .where('order_id', '=', orderId)
    .selectAll()
    .orderBy('uploaded_at')
    .orderBy('id')
    .execute();

export const insertPhoto = (tx: Tx, values: Insertable<WorkOrderPhotosTable>): Promise<PhotoRow> =>
  tx.insertInto('work_order_photos').values(values).returningAll().executeTakeFirstOrThrow();

/** Where the customer lives; null: nobody has said. */
export async function positionOf(tx: Tx, tenantId: string, customerId: string) {
  const { latitude, longitude } = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', customerId)
    .select(['latitude', 'longitude'])
    .executeTakeFirstOrThrow();
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

export async function settingsOf(tx: Tx, tenantId: string): Promise<TenantSettings> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return readTenantSettings((await query.executeTakeFirstOrThrow()).settings);
}

/** One answer for an order that is not there and for one that is another's: whose it is, is not told. */
export const missingOrder = async (tx: Tx, tenantId: string): Promise<Refusal> =>
  new Refusal('NOT_FOUND', wordsIn((await settingsOf(tx, tenantId)).language).missing);

/** The line that an order is of is in the customer's house now: nothing of it waits any more (spec C9). */
export const noteInstalled = (tx: Tx, tenantId: string, subscriptionId: string, at: Date) =>
  tx
    .updateTable('subscriptions')
    .set({ installed_at: at, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', subscriptionId)
    .where('installed_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
