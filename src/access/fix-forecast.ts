import { sql } from 'kysely';
import { hourMs } from '#access/brake-state.ts';
import type { Database } from '#db/database.ts';

/** How long before an hour its forecast is fixed (spec B8). */
const aheadMs = 24 * hourMs;

/**
 * Fixes how many lines fall due in the hour that begins 24 h after `due`: those that are online and may next be cut for
 * debt in it; the end of a validity, or of a quota's month, is none. Hours that were missed while the hub was down are
 * fixed as late as it is; a fixed one never changes, so that what appears overnight is a surprise and meets the brake.
 */
export const fixForecast = (db: Database, tenantId: string, due: Date, now: number): Promise<void> =>
  db.worker(tenantId, async (tx) => {
    const begins = Math.floor(due.getTime() / hourMs) * hourMs;
    const { latest } = await tx
      .selectFrom('cut_forecasts')
      .where('tenant_id', '=', tenantId)
      .select((eb) => eb.fn.max('hour').as('latest'))
      .executeTakeFirstOrThrow();
    const last = begins + aheadMs;
    const first = latest === null ? last : Math.max(latest.getTime() + hourMs, begins);
    await sql`
      insert into cut_forecasts (tenant_id, hour, lines, fixed_at)
      select ${tenantId}, h.hour, (
          select count(*) from wakes w
          join access a on a.tenant_id = w.tenant_id and a.subscription_id = w.subscription_id
          where w.tenant_id = ${tenantId} and a.state = 'active' and coalesce(w.cut_at, w.at) >= h.hour
            and coalesce(w.cut_at, w.at) < h.hour + interval '1 hour'
            and (w.cut_at is not null or a.reason ->> 'code' is distinct from 'quota_throttled' and not exists (
              select from subscriptions s where s.tenant_id = w.tenant_id and s.id = w.subscription_id and s.valid_until = w.at))
        ), ${new Date(now)}
      from generate_series(${new Date(first)}::timestamptz, ${new Date(last)}::timestamptz, interval '1 hour') as h (hour)
      on conflict do nothing`.execute(tx);
  });
