import { type Selectable, sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { CustomersTable } from '#db/tables.ts';
import type { CustomerQuery } from './schema.ts';

export type CustomerRow = Selectable<CustomersTable>;

const ofTenant = (tx: Tx, tenantId: string) =>
  tx.selectFrom('customers as c').where('c.tenant_id', '=', tenantId).where('c.deleted_at', 'is', null);

export const findCustomer = (tx: Tx, tenantId: string, id: string): Promise<CustomerRow | undefined> =>
  ofTenant(tx, tenantId).where('c.id', '=', id).selectAll('c').executeTakeFirst();

export const findCustomerToChange = (tx: Tx, tenantId: string, id: string): Promise<CustomerRow | undefined> =>
  ofTenant(tx, tenantId).where('c.id', '=', id).selectAll('c').forUpdate().executeTakeFirst();

/** Served before not served: what a customer's status goes by (spec C9). */
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
          'a.state',
        ])
        .orderBy(rank)
        .orderBy('s.created_at')
        .orderBy('s.id')
        .execute();
export type LineRow = Awaited<ReturnType<typeof linesOf>>[number];

const likePattern = (term: string): string => `%${term.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;

/** The state of a customer's best served line; one without lines waits. */
const bestState = sql<string>`coalesce((
  select coalesce(a.state, 'pending') from subscriptions s
  left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
  where s.tenant_id = c.tenant_id and s.customer_id = c.id order by ${rank} limit 1), 'pending')`;

function matching(tx: Tx, tenantId: string, query: CustomerQuery) {
  let rows = ofTenant(tx, tenantId);
  if (query.search) {
    const pattern = likePattern(query.search);
    rows = rows.where((eb) =>
      eb.or(
        (['c.name', 'c.customer_code', 'c.phone', 'c.email'] as const).map((column) => eb(column, 'ilike', pattern)),
      ),
    );
  }
  if (query.status !== undefined) rows = rows.where(bestState, '=', query.status);
  if (query.service_plan_id !== undefined) {
    const plan = query.service_plan_id;
    rows = rows.where((eb) =>
      eb.exists(
        eb
          .selectFrom('subscriptions as s')
          .select('s.id')
          .whereRef('s.tenant_id', '=', 'c.tenant_id')
          .whereRef('s.customer_id', '=', 'c.id')
          .where('s.service_plan_id', '=', plan),
      ),
    );
  }
  return rows;
}

const sortColumns = { name: 'c.name', customer_code: 'c.customer_code', created_at: 'c.created_at' } as const;

export async function listCustomers(tx: Tx, tenantId: string, query: CustomerQuery) {
  const { total } = await matching(tx, tenantId, query)
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow();
  const column = query.sort.replace('-', '') as keyof typeof sortColumns;
  const rows = await matching(tx, tenantId, query)
    .selectAll('c')
    .orderBy(sortColumns[column], query.sort.startsWith('-') ? 'desc' : 'asc')
    .orderBy('c.id')
    .limit(query.page_size)
    .offset((query.page - 1) * query.page_size)
    .execute();
  return { rows, total: Number(total) };
}

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
