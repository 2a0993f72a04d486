import { type Selectable, sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { CustomersTable } from '#db/tables.ts';
import type { Sight } from './sight.ts';

export type CustomerRow = Selectable<CustomersTable>;

const seen = (tx: Tx, { tenantId, resellerId }: Pick<Sight, 'tenantId' | 'resellerId'>) =>
  tx
    .selectFrom('customers as c')
    .where('c.tenant_id', '=', tenantId)
    .where('c.deleted_at', 'is', null)
    .$if(resellerId !== null, (rows) => rows.where('c.reseller_id', '=', resellerId));

export const findCustomer = (tx: Tx, sight: Sight, id: string): Promise<CustomerRow | undefined> =>
  seen(tx, sight).where('c.id', '=', id).selectAll('c').executeTakeFirst();

export const findCustomerToChange = (tx: Tx, sight: Sight, id: string): Promise<CustomerRow | undefined> =>
  seen(tx, sight).where('c.id', '=', id).selectAll('c').forUpdate().executeTakeFirst();

/** Also one that is off the lists: its personal data is still there. */
export const findCustomerEver = (tx: Tx, sight: Sight, id: string): Promise<CustomerRow | undefined> =>
  tx
    .selectFrom('customers as c')
    .where('c.tenant_id', '=', sight.tenantId)
    .where('c.id', '=', id)
    .$if(sight.resellerId !== null, (rows) => rows.where('c.reseller_id', '=', sight.resellerId))
    .selectAll('c')
    .forUpdate()
    .executeTakeFirst();

/** Served before not served: what a customer's status goes by (spec C9), as the database keeps it too. */
const rank = sql<number>`case coalesce(a.state, 'pending')
  when 'active' then 1 when 'isolated' then 2 when 'suspended' then 3 when 'pending' then 4 else 5 end`;

/** Lines of these customers, the best served first. */
export const linesOf = (tx: Tx, tenantId: string, customerIds: readonly string[]) =>
  customerIds.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('subscriptions as s')
        .leftJoin('access as a', (join) =>
          join.onRef('a.tenant_id', '=', 's.tenant_id').onRef('a.subscription_id', '=', 's.id'),
        )
        .where('s.tenant_id', '=', tenantId)
        .where('s.customer_id', 'in', customerIds)
        .select([
          's.id',
          's.customer_id',
          's.service_plan_id',
          's.username',
          's.billing_mode',
          's.due_day',
          's.monthly_fee',
          's.mac',
          's.router_id',
          's.erp_subscription',
          's.terminated_at',
          'a.state',
        ])
        .orderBy(rank)
        .orderBy('s.created_at')
        .orderBy('s.id')
        .execute();
export type LineRow = Awaited<ReturnType<typeof linesOf>>[number];

export const updateCustomer = (tx: Tx, tenantId: string, id: string, change: Updateable<CustomersTable>) =>
  tx
    .updateTable('customers')
    .set({ ...change, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const zoneSettings = async (tx: Tx, tenantId: string): Promise<unknown> =>
  (await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow()).settings;

export const insertPosition = (
  tx: Tx,
  tenantId: string,
  customerId: string,
  at: { readonly latitude: number; readonly longitude: number; readonly recordedBy: string },
) =>
  tx
    .insertInto('customer_positions')
    .values({
      tenant_id: tenantId,
      customer_id: customerId,
      latitude: at.latitude,
      longitude: at.longitude,
      recorded_by: at.recordedBy,
    })
    .execute();

/** Where a customer was said to be, the newest first. */
export const positionsOf = (tx: Tx, tenantId: string, customerId: string) =>
  tx
    .selectFrom('customer_positions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .select(['latitude', 'longitude', 'recorded_by', 'recorded_at'])
    .orderBy('id', 'desc')
    .limit(500)
    .execute();

/** Of those that the caller may see. */
export async function countByStatus(tx: Tx, sight: Sight): Promise<ReadonlyMap<string, number>> {
  const rows = await seen(tx, sight)
    .select(['c.status', (eb) => eb.fn.countAll<bigint>().as('customers')])
    .groupBy('c.status')
    .execute();
  return new Map(rows.map(({ status, customers }) => [status, Number(customers)]));
}

/** A reseller who may have more customers. */
export async function isReseller(tx: Tx, tenantId: string, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('resellers')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('is_active', '=', true)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}
