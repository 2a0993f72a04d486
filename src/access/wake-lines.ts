import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { newCorrelationId } from '#platform/log.ts';

/**
 * Marks the lines whose moment has come: a due date, the end of a settling time. What came due while the hub was down is
 * taken up at once and once; a deactivated tenant's moments wait. Answers how many. Rows are deleted by their place, which
 * they keep under the lock: joined by their key, a thousand may be sought in ten thousand one by one.
 */
export const wakeDueLines = (db: Database, clock: Clock): Promise<number> =>
  db.claims(async (tx) => {
    const { numAffectedRows } = await sql`
      with due as (
        delete from wakes where ctid = any(array(
          select w.ctid from wakes w join tenants t on t.id = w.tenant_id and t.is_active
          where w.at <= ${new Date(clock())} order by w.tenant_id, w.subscription_id limit 1000 for update of w skip locked
        )) returning tenant_id, subscription_id
      )
      insert into dirty_lines (tenant_id, subscription_id, correlation_id, cause)
      select tenant_id, subscription_id, ${newCorrelationId()}, 'the clock' from due order by tenant_id, subscription_id
      on conflict (tenant_id, subscription_id) do update set not_before = least(dirty_lines.not_before, excluded.not_before)`.execute(
      tx,
    );
    return Number(numAffectedRows ?? 0n);
  });
