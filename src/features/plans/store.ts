import type { Insertable, Selectable, Updateable } from 'kysely';
import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import type { ServicePlansTable } from '#db/tables.ts';
import type { PlanQuery } from './schema.ts';

export type PlanRow = Selectable<ServicePlansTable>;
export type PlanValues = Omit<Insertable<ServicePlansTable>, 'id' | 'tenant_id' | 'key'>;

const ofTenant = (tx: Tx, tenantId: string) =>
  tx.selectFrom('service_plans').where('tenant_id', '=', tenantId).where('deleted_at', 'is', null);

export const everyPlan = (tx: Tx, tenantId: string): Promise<PlanRow[]> =>
  ofTenant(tx, tenantId).selectAll().orderBy('id').execute();

export const findPlan = (tx: Tx, tenantId: string, id: string): Promise<PlanRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().executeTakeFirst();

/** Locked against a line being added to it meanwhile: a line's foreign key takes a lock that this one excludes. */
export const findPlanToChange = (tx: Tx, tenantId: string, id: string): Promise<PlanRow | undefined> =>
  ofTenant(tx, tenantId).where('id', '=', id).selectAll().forUpdate().executeTakeFirst();

/** Null: the key is taken, by a deleted plan perhaps, whose group may still be in RADIUS. */
export async function insertPlan(tx: Tx, tenantId: string, key: string, values: PlanValues): Promise<PlanRow | null> {
  const row = await tx
    .insertInto('service_plans')
    .values({ ...values, tenant_id: tenantId, key })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'key']).doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export const updatePlan = (tx: Tx, tenantId: string, id: string, change: Updateable<ServicePlansTable>) =>
  tx
    .updateTable('service_plans')
    .set({ ...change, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export function listPlans(tx: Tx, tenantId: string, query: PlanQuery): Promise<Page<PlanRow>> {
  let rows = ofTenant(tx, tenantId);
  if (query.is_active !== 'all') rows = rows.where('is_active', '=', query.is_active === 'true');
  if (query.search) rows = rows.where('name', 'ilike', likePattern(query.search));
  const { column, direction } = orderOf(query.sort);
  return readPage(rows.selectAll().orderBy(column, direction).orderBy('id', direction), query);
}

/** How many lines that have not ended are on the plan. */
export async function countLines(tx: Tx, tenantId: string, planId: string): Promise<number> {
  const { lines } = await tx
    .selectFrom('subscriptions as s')
    .leftJoin('access as a', (join) =>
      join.onRef('a.tenant_id', '=', 's.tenant_id').onRef('a.subscription_id', '=', 's.id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.service_plan_id', '=', planId)
    .where('s.terminated_at', 'is', null)
    .where(sql<boolean>`a.state is distinct from 'terminated'`)
    .select((eb) => eb.fn.countAll<bigint>().as('lines'))
    .executeTakeFirstOrThrow();
  return Number(lines);
}

/** How many plans throttle to this one. */
export async function countThrottled(tx: Tx, tenantId: string, planId: string): Promise<number> {
  const { plans } = await ofTenant(tx, tenantId)
    .where('throttle_plan_id', '=', planId)
    .select((eb) => eb.fn.countAll<bigint>().as('plans'))
    .executeTakeFirstOrThrow();
  return Number(plans);
}

/** Lines on the plan that have not ended. */
export async function linesOnPlan(tx: Tx, tenantId: string, planId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('service_plan_id', '=', planId)
    .where('terminated_at', 'is', null)
    .select('id')
    .execute();
  return rows.map((row) => row.id);
}

/** Every line of each customer who has one on the plan: whose bill an invoice is depends on all of them (spec B3). */
export async function linesBesidePlan(tx: Tx, tenantId: string, planId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', 'in', (eb) =>
      eb
        .selectFrom('subscriptions')
        .select('customer_id')
        .where('tenant_id', '=', tenantId)
        .where('service_plan_id', '=', planId),
    )
    .select('id')
    .execute();
  return rows.map((row) => row.id);
}

/** Plans that may be what one of `names` bills in the ledger, those on sale first, the oldest before its twins. */
export const plansBilling = (tx: Tx, tenantId: string, names: readonly string[]): Promise<PlanRow[]> =>
  names.length === 0
    ? Promise.resolve([])
    : ofTenant(tx, tenantId)
        .where('erp_item', 'in', names)
        .selectAll()
        .orderBy('is_active', 'desc')
        .orderBy('created_at')
        .orderBy('id')
        .execute();
