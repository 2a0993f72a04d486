import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type AccessState, accessStates } from '#domain/access.ts';

/** Before anything was decided it waits. */
export const stateOf = (state: string | null): AccessState => accessStates.find((one) => one === state) ?? 'pending';

/** Served before not served: what a customer's state goes by (spec C9), as the database keeps it too. */
const rank = sql<number>`case coalesce(a.state, 'pending')
  when 'active' then 1 when 'isolated' then 2 when 'suspended' then 3 when 'pending' then 4 else 5 end`;

/** Lines of these customers with their plans and what was decided about them, the best served first. */
export const linesOf = (tx: Tx, tenantId: string, customerIds: readonly string[]) =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .leftJoin('access as a', (join) =>
      join.onRef('a.tenant_id', '=', 's.tenant_id').onRef('a.subscription_id', '=', 's.id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where(sql<boolean>`s.customer_id = any(${[...customerIds]}::uuid[])`)
    .select(['s.id', 's.customer_id', 's.username', 's.canonical_username', 's.monthly_fee', 's.router_id'])
    .select(['s.installed_at', 'p.id as plan_id', 'p.name as plan_name', 'a.state', 'a.reason'])
    .orderBy(rank)
    .orderBy('s.created_at')
    .orderBy('s.id')
    .execute();
export type LineRow = Awaited<ReturnType<typeof linesOf>>[number];
