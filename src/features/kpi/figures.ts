import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { addDays, instantAt } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid } from '#platform/refusal.ts';
import type { FigureQuery, TechnicianFigures } from './schema.ts';
import { settingsOf } from './store.ts';

type Row = Omit<TechnicianFigures['data'][number], 'incentive'>;

/** Which orders count: done from `from` on and before `until`, by one technician or by all. */
type Range = {
  readonly tenantId: string;
  readonly technicianId: string | null;
  readonly from: Date;
  readonly until: Date;
  readonly zone: string;
};

/** What each technician did. A phone whose clock is slow may say that work was done before it was ordered: then at once. */
async function rowsOf(tx: Tx, { tenantId, technicianId, from, until, zone }: Range): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    with done as (
      select installed_by as technician_id, kind, state,
        greatest(0, extract(epoch from installed_at - issued_at)) / 60 as minutes,
        (installed_at at time zone ${zone})::date <= (scheduled_at at time zone ${zone})::date as is_on_time
      from work_orders
      where tenant_id = ${tenantId} and state in ('installed', 'verified')
        and installed_at >= ${from} and installed_at < ${until}),
    failed as (
      select technician_id, count(*)::int as failures from work_order_events
      where tenant_id = ${tenantId} and to_state = 'failed' and from_state <> 'failed' and at >= ${from} and at < ${until}
      group by technician_id),
    figures as (
      select technician_id,
        count(*) filter (where kind = 'install')::int as installs,
        count(*) filter (where kind in ('repair', 'replace'))::int as repairs,
        count(*) filter (where kind in ('remove', 'survey'))::int as others,
        round(percentile_cont(0.5) within group (order by minutes))::int as resolve_minutes_median,
        round(percentile_cont(0.9) within group (order by minutes))::int as resolve_minutes_p90,
        round(100.0 * count(*) filter (where is_on_time) / nullif(count(is_on_time), 0))::int as on_time_percent,
        count(*) filter (where kind = 'install' and state = 'verified')::int as accepted_installs
      from done group by technician_id)
    select u.id as technician_id, u.name, coalesce(installs, 0) as installs, coalesce(repairs, 0) as repairs,
      coalesce(others, 0) as others, coalesce(failures, 0) as failures, resolve_minutes_median, resolve_minutes_p90,
      on_time_percent, coalesce(accepted_installs, 0) as accepted_installs
    from users u left join figures f on f.technician_id = u.id left join failed x on x.technician_id = u.id
    where u.tenant_id = ${tenantId} and (f.technician_id is not null or x.technician_id is not null
        or (u.role = 'technician' and u.is_active))
      and (${technicianId}::uuid is null or u.id = ${technicianId})
    order by u.name, u.id`.execute(tx);
  return rows;
}

/** What technicians did in some days (spec A7); a technician sees its own figures. */
export async function technicianFigures(tx: Tx, who: Who, { from, to }: FigureQuery): Promise<TechnicianFigures> {
  demand(who.caller, 'work_orders:read');
  if (to < from) throw invalid('to', 'must not be before the first day');
  if (to > addDays(from, 366)) throw invalid('to', 'must be at most a year after the first day');
  const { tenantId, caller } = who;
  const { time_zone: zone, field_work } = await settingsOf(tx, tenantId);
  const rows = await rowsOf(tx, {
    tenantId,
    technicianId: caller.role === 'technician' ? caller.userId : null,
    from: new Date(instantAt(from, 0, 0, zone)),
    until: new Date(instantAt(addDays(to, 1), 0, 0, zone)),
    zone,
  });
  const rate = field_work.incentive_per_install;
  return { from, to, data: rows.map((row) => ({ ...row, incentive: row.accepted_installs * rate })) };
}
