import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { octetsOfGb, periodAt } from '#domain/limits.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { demand, resellerOf, type Who } from '#platform/caller.ts';
import { invalid, notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { LineUsage, LineUsageQuery, Validity } from './schema.ts';

const mostDays = 400;

/** The line with its plan's quota, if whoever asks may see it: a reseller only its own customers'. */
async function lineOf(tx: Tx, { tenantId, caller }: Who, id: string) {
  const resellerId = resellerOf(caller);
  const line = await tx
    .selectFrom('subscriptions as s')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 's.tenant_id').onRef('c.id', '=', 's.customer_id'),
    )
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .where('s.id', '=', id)
    .$if(resellerId !== null, (query) => query.where('c.reseller_id', '=', resellerId))
    .select(['s.id', 's.valid_until', 'p.quota_gb', 'p.quota_action'])
    .executeTakeFirst();
  if (!line) throw notFound('subscription');
  return line;
}

type Day = LineUsage['days'][number];

const daysOf = async (tx: Tx, { tenantId }: Who, id: string, from: string, to: string): Promise<readonly Day[]> => {
  const rows = await tx
    .selectFrom('usage_days')
    .where('tenant_id', '=', tenantId)
    .where('subscription_id', '=', id)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .select(['day', 'input_octets', 'output_octets'])
    .orderBy('day')
    .execute();
  return rows.map((row) => ({
    day: row.day,
    upload_octets: Number(row.input_octets),
    download_octets: Number(row.output_octets),
  }));
};

const sumOf = (days: readonly Day[]) => ({
  upload_octets: days.reduce((sum, day) => sum + day.upload_octets, 0),
  download_octets: days.reduce((sum, day) => sum + day.download_octets, 0),
});

function range({ from, to }: LineUsageQuery, today: string): { readonly from: string; readonly to: string } {
  const last = to ?? today;
  const first = from ?? `${last.slice(0, 7)}-01`;
  if (first > last) throw invalid('from', 'The first day is after the last.');
  if (addDays(first, mostDays) <= last) throw invalid('from', `At most ${mostDays} days are shown at a time.`);
  return { from: first, to: last };
}

/** What a line used (spec R9, P37); `now` in ms since 1970. */
export async function usageOfLine(
  tx: Tx,
  who: Who,
  id: string,
  query: LineUsageQuery,
  now: number,
): Promise<LineUsage> {
  demand(who.caller, 'subscriptions:read');
  const line = await lineOf(tx, who, id);
  const tenant = await tx.selectFrom('tenants').where('id', '=', who.tenantId).select('settings').executeTakeFirst();
  const { time_zone: zone } = readTenantSettings(tenant?.settings);
  const period = periodAt(now, zone);
  const { from, to } = range(query, localDate(now, zone));
  const days = await daysOf(tx, who, id, from, to);
  const used = sumOf(await daysOf(tx, who, id, period.firstDay, `${period.month}-31`));
  const months = [...new Set(days.map(({ day }) => day.slice(0, 7)))];
  const reading = await tx
    .selectFrom('usage_reads')
    .where('tenant_id', '=', who.tenantId)
    .select('read_at')
    .executeTakeFirst();
  return {
    subscription_id: line.id,
    from,
    to,
    ...sumOf(days),
    days: [...days],
    periods: months.map((month) => ({ month, ...sumOf(days.filter(({ day }) => day.startsWith(month))) })),
    quota:
      line.quota_gb === null
        ? null
        : {
            quota_octets: Number(octetsOfGb(line.quota_gb)),
            used_octets: used.upload_octets + used.download_octets,
            action: line.quota_action,
            begins_anew_at: new Date(period.endsAt).toISOString(),
          },
    valid_until: line.valid_until?.toISOString() ?? null,
    counted_at: reading?.read_at?.toISOString() ?? null,
  };
}

/** Sets until when the line is served, and has it decided about anew (spec R4, R6). */
export async function setValidity(
  tx: Tx,
  who: Who,
  id: string,
  { valid_until, reason }: Validity,
): Promise<{ valid_until: string | null }> {
  demand(who.caller, 'subscriptions:write');
  const line = await lineOf(tx, who, id);
  const { tenantId, correlationId } = who;
  const until = valid_until === null ? null : new Date(valid_until);
  await tx
    .updateTable('subscriptions')
    .set({ valid_until: until, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  const before = { valid_until: line.valid_until };
  await record(tx, who, {
    action: 'update',
    entity: 'subscription',
    id,
    before,
    after: { valid_until: until, reason },
  });
  await markLines(tx, { tenantId, correlationId, cause: 'its validity was set by hand' }, [id]);
  return { valid_until: until?.toISOString() ?? null };
}
