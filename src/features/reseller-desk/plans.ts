import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Who } from '#platform/caller.ts';
import { openCounter } from './desk.ts';
import type { SoldPlan } from './schema.ts';

type Row = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly down_kbps: number;
  readonly up_kbps: number;
  readonly price: bigint;
};

/**
 * What a reseller may sell, and at which price: what is listed for it, or whatever is on sale where nothing is.
 */
export async function soldPlans(tx: Tx, who: Who, now: number): Promise<{ data: SoldPlan[] }> {
  const { tenantId, resellerId } = await openCounter(tx, who, now);
  const { rows } = await sql<Row>`
    select p.id, p.name, p.description, p.down_kbps, p.up_kbps,
      coalesce(r.price, p.price) as price
    from service_plans p
    left join reseller_plans r on r.tenant_id = p.tenant_id and r.service_plan_id = p.id and r.reseller_id = ${resellerId}
    where p.tenant_id = ${tenantId} and p.deleted_at is null and p.is_active
      and (r.service_plan_id is not null
        or not exists (select from reseller_plans x where x.tenant_id = ${tenantId} and x.reseller_id = ${resellerId}))
    order by p.name, p.id`.execute(tx);
  return {
    data: rows.map(({ id, name, description, down_kbps, up_kbps, price }) => ({
      ...{ id, name, description, price: Number(price) },
      speed_download: down_kbps / 1_000,
      speed_upload: up_kbps / 1_000,
    })),
  };
}
