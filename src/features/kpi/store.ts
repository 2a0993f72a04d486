import { type Insertable, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readPage } from '#db/page.ts';
import type { IncentivesTable } from '#db/tables/field-work.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';
import type { IncentiveQuery } from './schema.ts';

export async function settingsOf(tx: Tx, tenantId: string): Promise<TenantSettings> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  return readTenantSettings((await query.executeTakeFirstOrThrow()).settings);
}

/** One counting of a tenant at a time: of two at once the second finds what the first has counted. */
export const lockCounting = (tx: Tx, tenantId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`incentives ${tenantId}`}, 0))`.execute(tx);

/** Accepted installations that nobody was paid for yet, of technicians whose month was not counted before. */
export async function uncounted(tx: Tx, tenantId: string, month: string, until: Date) {
  const { rows } = await sql<{ readonly technician_id: string; readonly ids: string[] }>`
    select o.installed_by as technician_id, array_agg(o.id order by o.id) as ids from work_orders o
    where o.tenant_id = ${tenantId} and o.kind = 'install' and o.state = 'verified' and o.incentive_id is null
      and o.installed_at < ${until} and not exists (select from incentives i
        where i.tenant_id = o.tenant_id and i.month = ${month} and i.technician_id = o.installed_by)
    group by o.installed_by order by o.installed_by`.execute(tx);
  return rows;
}

export const insertIncentive = (tx: Tx, values: Insertable<IncentivesTable>) =>
  tx.insertInto('incentives').values(values).returningAll().executeTakeFirstOrThrow();

export const noteCounted = (tx: Tx, tenantId: string, orders: readonly string[], incentiveId: string) =>
  tx
    .updateTable('work_orders')
    .set({ incentive_id: incentiveId })
    .where('tenant_id', '=', tenantId)
    .where('id', 'in', orders)
    .execute();

/** Of a month, what the payroll could have and has not: its technician is an employee there. Answers their ids. */
export async function sendWaiting(tx: Tx, tenantId: string, month: string): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly id: string }>`
    update incentives i set state = 'waiting', erp_employee = u.erp_employee, error = null from users u
    where i.tenant_id = ${tenantId} and i.month = ${month} and i.state in ('kept', 'refused')
      and u.tenant_id = i.tenant_id and u.id = i.technician_id and u.erp_employee is not null
    returning i.id`.execute(tx);
  return rows.map(({ id }) => id);
}

const incentives = (tx: Tx, tenantId: string) =>
  tx
    .selectFrom('incentives as i')
    .innerJoin('users as u', (join) =>
      join.onRef('u.tenant_id', '=', 'i.tenant_id').onRef('u.id', '=', 'i.technician_id'),
    )
    .where('i.tenant_id', '=', tenantId)
    .select(['i.id', 'i.month', 'i.technician_id', 'u.name as technician_name', 'i.installs', 'i.rate', 'i.amount'])
    .select(['i.state', 'i.erp_employee', 'i.erp_salary', 'i.error', 'i.counted_at']);

export const ofMonth = (tx: Tx, tenantId: string, month: string) =>
  incentives(tx, tenantId).where('i.month', '=', month).orderBy('u.name').orderBy('i.id').execute();
export type IncentiveRow = Awaited<ReturnType<typeof ofMonth>>[number];

/** The latest month first. */
export function listIncentives(tx: Tx, tenantId: string, { month, technician_id, ...page }: IncentiveQuery) {
  let rows = incentives(tx, tenantId);
  if (month !== undefined) rows = rows.where('i.month', '=', month);
  if (technician_id !== undefined) rows = rows.where('i.technician_id', '=', technician_id);
  return readPage(rows.orderBy('i.month', 'desc').orderBy('i.id'), page);
}
