import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { ResellersTable } from '#db/tables/resellers.ts';
import type { ResellerQuery } from './schema.ts';

export type ResellerRow = Selectable<ResellersTable>;

const ofTenant = (tx: Tx, tenantId: string) => tx.selectFrom('resellers').where('tenant_id', '=', tenantId);

export const findReseller = (tx: Tx, tenantId: string, id: string): Promise<ResellerRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().executeTakeFirst();

export const findResellerToChange = (tx: Tx, tenantId: string, id: string): Promise<ResellerRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().forUpdate().executeTakeFirst();

export const insertReseller = (tx: Tx, values: Insertable<ResellersTable>): Promise<ResellerRow> =>
  tx.insertInto('resellers').values(values).returningAll().executeTakeFirstOrThrow();

export const updateReseller = (tx: Tx, tenantId: string, id: string, change: Updateable<ResellersTable>) =>
  tx
    .updateTable('resellers')
    .set({ ...change, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export function listResellers(tx: Tx, tenantId: string, query: ResellerQuery): Promise<Page<ResellerRow>> {
  let rows = ofTenant(tx, tenantId);
  if (query.is_active !== 'all') rows = rows.where('is_active', '=', query.is_active === 'true');
  if (query.search) {
    const pattern = likePattern(query.search);
    rows = rows.where((eb) => eb.or([eb('name', 'ilike', pattern), eb('phone', 'ilike', pattern)]));
  }
  const { column, direction } = orderOf(query.sort);
  const order = column === 'name' ? sql`lower(name)` : sql.ref(column);
  return readPage(rows.selectAll().orderBy(order, direction).orderBy('id', direction), query);
}

/** How many customers of each status each of these has; who has none is not in it. */
export const customersOf = (tx: Tx, tenantId: string, ids: readonly string[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('customers')
        .where('tenant_id', '=', tenantId)
        .where('reseller_id', 'in', ids)
        .where('deleted_at', 'is', null)
        .select(['reseller_id', 'status', (eb) => eb.fn.countAll<bigint>().as('customers')])
        .groupBy(['reseller_id', 'status'])
        .execute();

/** Who may log in for it, and with which keys it is let in. */
export async function seatsOf(tx: Tx, tenantId: string, id: string): Promise<{ users: number; keys: number }> {
  const [users, keys] = await Promise.all([
    tx
      .selectFrom('users')
      .where('tenant_id', '=', tenantId)
      .where('reseller_id', '=', id)
      .where('is_active', '=', true)
      .select((eb) => eb.fn.countAll<bigint>().as('n'))
      .executeTakeFirstOrThrow(),
    tx
      .selectFrom('api_keys')
      .where('tenant_id', '=', tenantId)
      .where('reseller_id', '=', id)
      .where('revoked_at', 'is', null)
      .select((eb) => eb.fn.countAll<bigint>().as('n'))
      .executeTakeFirstOrThrow(),
  ]);
  return { users: Number(users.n), keys: Number(keys.n) };
}

/** What it may sell, by the plan's name. */
export const plansOf = (tx: Tx, tenantId: string, resellerId: string) =>
  tx
    .selectFrom('reseller_plans as r')
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 'r.tenant_id').onRef('p.id', '=', 'r.service_plan_id'),
    )
    .where('r.tenant_id', '=', tenantId)
    .where('r.reseller_id', '=', resellerId)
    .where('p.deleted_at', 'is', null)
    .select(['r.service_plan_id', 'r.price', 'p.name', 'p.price as plan_price'])
    .orderBy('p.name')
    .orderBy('r.service_plan_id')
    .execute();
export type PlanRow = Awaited<ReturnType<typeof plansOf>>[number];

/** Those of `ids` that are plans of the tenant; locked, so that nobody removes one meanwhile. */
export const knownPlans = async (tx: Tx, tenantId: string, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const query = tx
    .selectFrom('service_plans')
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .select('id')
    .orderBy('id')
    .forKeyShare();
  return new Set((await query.execute()).map(({ id }) => id));
};

type Offered = { readonly service_plan_id: string; readonly price: bigint | null };

/** Puts these plans in the place of all that it might sell before. */
export async function replacePlans(tx: Tx, tenantId: string, resellerId: string, plans: readonly Offered[]) {
  await tx
    .deleteFrom('reseller_plans')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .execute();
  if (plans.length === 0) return;
  await tx
    .insertInto('reseller_plans')
    .values(plans.map((plan) => ({ ...plan, tenant_id: tenantId, reseller_id: resellerId })))
    .execute();
}
