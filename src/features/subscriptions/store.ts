import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { likePattern } from '#db/like-pattern.ts';
import { orderOf, type Page, readPage } from '#db/page.ts';
import { type AccessState, accessStates } from '#domain/access.ts';
import { canonicalUsername } from '#domain/username.ts';
import { openStates } from '#domain/work-order.ts';
import type { LineQuery } from './schema.ts';

/**
 * Which lines there are for whoever looks: a tenant's, of a reseller its own customers' only, of a technician those that
 * it has an open order for (spec I3).
 */
export type Sight = {
  readonly tenantId: string;
  readonly resellerId: string | null;
  readonly technicianId: string | null;
};

/** Lines with whose they are, their plan, and what was decided about them. */
const lines = (tx: Tx, { tenantId, resellerId, technicianId }: Sight) =>
  tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .leftJoin('access as a', (join) =>
      join.onRef('a.tenant_id', '=', 's.tenant_id').onRef('a.subscription_id', '=', 's.id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .$if(resellerId !== null, (query) => query.where('c.reseller_id', '=', resellerId))
    .$if(technicianId !== null, (query) =>
      query.where(
        sql<boolean>`exists (select from work_orders w where w.tenant_id = s.tenant_id and w.subscription_id = s.id
          and w.technician_id = ${technicianId} and w.state = any(${[...openStates]}))`,
      ),
    );

const columns = [
  's.id',
  's.customer_id',
  'c.customer_code',
  'c.name as customer_name',
  'c.reseller_id',
  'p.id as plan_id',
  'p.name as plan_name',
  's.username',
  's.canonical_username',
  's.password',
  's.billing_mode',
  's.due_day',
  's.monthly_fee',
  's.mac',
  's.router_id',
  's.erp_subscription',
  's.installed_at',
  's.activated_at',
  's.suspended_at',
  's.suspend_reason',
  's.terminated_at',
  's.created_at',
  'a.state',
  'a.desired',
  'a.reason',
  'a.evidence',
  'a.generation',
  'a.decided_at',
  'a.applied_generation',
  'a.applied_at',
] as const;

export const findLine = (tx: Tx, sight: Sight, id: string) =>
  lines(tx, sight).where('s.id', '=', id).select(columns).executeTakeFirst();
export type LineRow = NonNullable<Awaited<ReturnType<typeof findLine>>>;

/** Locks the line's own row: two hands on one line come one after the other. */
export const lockLine = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select('id')
    .forUpdate()
    .executeTakeFirst();

/** Where a line stands; before anything was decided it waits. */
export const stateOf = ({ state }: { readonly state: string | null }): AccessState =>
  accessStates.find((one) => one === state) ?? 'pending';

function matching(tx: Tx, sight: Sight, query: LineQuery) {
  let rows = lines(tx, sight);
  if (query.username !== undefined) {
    const name = canonicalUsername(query.username);
    rows = rows.where('s.canonical_username', '=', name.ok ? name.value : '');
  }
  if (query.customer_id !== undefined) rows = rows.where('s.customer_id', '=', query.customer_id);
  if (query.state !== undefined) rows = rows.where(sql<string>`coalesce(a.state, 'pending')`, '=', query.state);
  if (query.search) {
    const pattern = likePattern(query.search);
    rows = rows.where((eb) => eb.or([eb('s.username', 'ilike', pattern), eb('c.name', 'ilike', pattern)]));
  }
  return rows;
}

const sortColumns = { username: 's.canonical_username', created_at: 's.created_at' } as const;

export function listLines(tx: Tx, sight: Sight, query: LineQuery): Promise<Page<LineRow>> {
  const { column, direction } = orderOf(query.sort);
  const rows = matching(tx, sight, query).select(columns);
  return readPage(rows.orderBy(sortColumns[column], direction).orderBy('s.id', direction), query);
}

export const linksOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('bridge_links')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', id)
    .select(['kind', 'value', 'source', 'recorded_at'])
    .orderBy('kind')
    .execute();

export const settingsOf = async (tx: Tx, tenantId: string): Promise<unknown> =>
  (await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow()).settings;

/** The newest entries of a line's timeline, oldest first. */
export async function timelineOf(tx: Tx, tenantId: string, id: string, limit: number) {
  const rows = await tx
    .selectFrom('timeline')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', id)
    .select(['at', 'kind', 'text', 'correlation_id', 'data'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse();
}

/** Deliveries that started what stands in a timeline. */
export const deliveriesOf = (tx: Tx, tenantId: string, correlationIds: readonly string[]) =>
  correlationIds.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('inbox')
        .where('tenant_id', '=', tenantId)
        .where('correlation_id', 'in', correlationIds)
        .select(['id', 'received_at', 'source', 'doctype', 'name', 'event', 'modified', 'state', 'correlation_id'])
        .orderBy('id')
        .execute();
