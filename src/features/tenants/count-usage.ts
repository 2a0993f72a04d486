import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';

/** A calendar month of a zone, from its first instant to the first one after it (ms since 1970). */
type Month = { readonly name: string; readonly from: number; readonly to: number };

const firstOf = (month: string): string => `${month}-01`;
const after = (month: string): string => addDays(firstOf(month), 31).slice(0, 7);
const before = (month: string): string => addDays(firstOf(month), -1).slice(0, 7);

/** `name` is like `2026-11`. */
const monthIn = (name: string, zone: string): Month => ({
  name,
  from: instantAt(firstOf(name), 0, 0, zone),
  to: instantAt(firstOf(after(name)), 0, 0, zone),
});

/** The month that a calendar in `zone` shows at `now`, and the one before it: what may still change. */
export function openMonths(now: number, zone: string): readonly [Month, Month] {
  const name = localDate(now, zone).slice(0, 7);
  return [monthIn(name, zone), monthIn(before(name), zone)];
}

/**
 * Counts one month. A subscriber is a line between its creation and its end; the peak is the most that there were at one
 * time. Who is active is only known now, so a month that has ended keeps what was counted last; and where deliveries
 * were cleaned away meanwhile the larger number stays.
 */
async function countMonth(tx: Tx, tenantId: string, month: Month, now: number): Promise<void> {
  const [from, to, at] = [new Date(month.from), new Date(month.to), new Date(now)];
  const end = now < month.to ? at : to;
  const hasEnded = now >= month.to;
  await sql`
    with lines as (
      select created_at as began, coalesce(terminated_at, 'infinity') as ended from subscriptions
      where tenant_id = ${tenantId} and created_at < ${end} and coalesce(terminated_at, 'infinity') > ${from}
    ), steps as (
      select greatest(began, ${from}) as at, 1 as step from lines
      union all select ended, -1 from lines where ended < ${end}
    ), heights as (select sum(step) over (order by at, step rows unbounded preceding) as height from steps)
    insert into usage_months (tenant_id, month, subscribers_peak, subscribers_end, active_end, events, messages, counted_at)
    values (${tenantId}, ${month.name},
      coalesce((select max(height) from heights), 0),
      (select count(*) from lines where ended > ${end}),
      ${hasEnded ? sql`0` : sql`(select count(*) from access where tenant_id = ${tenantId} and state = 'active')`},
      (select count(*) from inbox where tenant_id = ${tenantId} and received_at >= ${from} and received_at < ${to}),
      (select count(*) from messages where tenant_id = ${tenantId} and sent_at >= ${from} and sent_at < ${to}),
      ${at})
    on conflict (tenant_id, month) do update set
      subscribers_peak = greatest(usage_months.subscribers_peak, excluded.subscribers_peak),
      subscribers_end = excluded.subscribers_end,
      active_end = ${hasEnded ? sql`usage_months.active_end` : sql`excluded.active_end`},
      events = greatest(usage_months.events, excluded.events),
      messages = greatest(usage_months.messages, excluded.messages),
      counted_at = excluded.counted_at`.execute(tx);
}

/** Counts what a tenant has used in this month and the one before it (spec T6); doing it again changes nothing. */
export const countUsage = (db: Database, tenantId: string, zone: string, now: number): Promise<void> =>
  db.worker(tenantId, async (tx) => {
    for (const month of openMonths(now, zone)) await countMonth(tx, tenantId, month, now);
  });
