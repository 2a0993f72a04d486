import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import { type LineLimits, octetsOfGb } from '#domain/limits.ts';

const Used = z.record(z.string(), z.string().transform(BigInt));

type Row = {
  readonly id: string;
  readonly valid_until: Date | null;
  readonly quota_gb: number | null;
  readonly throttle_key: string | null;
  /** Octets as text by month. */
  readonly used: unknown;
};

/**
 * What beside debt ends the service of these lines; a line without any limit is missing. A quota whose plan does not say
 * what happens beyond it is none. Of the past only the last month and this one are read: no decision is about earlier.
 */
export async function loadLimits(
  tx: Tx,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LineLimits>> {
  const { rows } = await sql<Row>`
    select s.id, s.valid_until, case when p.quota_action is not null then p.quota_gb end as quota_gb,
      slow.key as throttle_key, coalesce(m.used, '{}') as used
    from subscriptions s
    join service_plans p on p.tenant_id = s.tenant_id and p.id = s.service_plan_id
    left join service_plans slow on slow.tenant_id = p.tenant_id and slow.id = p.throttle_plan_id
    left join lateral (
      select jsonb_object_agg(month, octets::text) as used from (
        select left(u.day, 7) as month, sum(u.input_octets + u.output_octets) as octets from usage_days u
        where u.tenant_id = s.tenant_id and u.subscription_id = s.id
          and u.day >= to_char(now() - interval '32 days', 'YYYY-MM-01')
        group by 1
      ) months
    ) m on p.quota_action is not null
    where s.tenant_id = ${tenantId} and s.id = any(${ids}::uuid[])
      and (s.valid_until is not null or p.quota_action is not null)`.execute(tx);
  return new Map(
    rows.map(({ id, valid_until, quota_gb, throttle_key, used }): [string, LineLimits] => {
      const months = new Map(Object.entries(Used.parse(used)));
      const quota = quota_gb === null ? null : { octets: octetsOfGb(quota_gb), throttleTo: throttle_key, used: months };
      return [id, { validUntil: valid_until?.getTime() ?? null, quota }];
    }),
  );
}
