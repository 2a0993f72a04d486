import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { mapPage, readPage } from '#db/page.ts';
import type { SchedulesTable } from '#db/tables/platform.ts';
import type { Tables } from '#db/tables.ts';
import { type Caller, demand } from '#platform/caller.ts';
import type { Schedule, SchedulePage, ScheduleQuery } from './schema.ts';

export type SchedulesDeps = { readonly db: Database };

const matches =
  ({ name, tenant_id, failing }: ScheduleQuery) =>
  (eb: ExpressionBuilder<Tables, 'schedules'>) =>
    eb.and([
      ...(name ? [eb('name', '=', name)] : []),
      ...(tenant_id ? [eb('tenant_id', '=', tenant_id)] : []),
      ...(failing ? [eb('last_error', failing === 'true' ? 'is not' : 'is', null)] : []),
    ]);

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

const scheduleOf = (row: Selectable<SchedulesTable> & { readonly is_running: boolean }): Schedule => ({
  name: row.name,
  tenant_id: row.tenant_id,
  cron: row.cron,
  zone: row.zone,
  next_due_at: row.next_due_at.toISOString(),
  retry_at: time(row.retry_at),
  attempts: row.attempts,
  is_running: row.is_running,
  last_due_at: time(row.last_due_at),
  last_run_at: time(row.last_run_at),
  last_error: row.last_error,
});

/** What is done by the clock, over all tenants, those that fail first (spec O8). */
export async function findSchedules(
  { db }: SchedulesDeps,
  caller: Caller,
  query: ScheduleQuery,
): Promise<SchedulePage> {
  demand(caller, 'tenants:read');
  return db.gate(async (tx) => {
    const rows = tx
      .selectFrom('schedules')
      .where(matches(query))
      .selectAll()
      .select(sql<boolean>`coalesce(locked_until > now(), false)`.as('is_running'))
      .orderBy(sql`last_error is null`)
      .orderBy('next_due_at')
      .orderBy('id');
    return mapPage(await readPage(rows, query), scheduleOf);
  });
}
