import { type GroupRows, planGroupRows } from '#domain/radius-groups.ts';
import type { NewPlan, Plan, PlanChange } from './schema.ts';
import { burstFields, burstOf, readBurst, toKbps, toMbps } from './speed.ts';
import type { PlanRow, PlanValues } from './store.ts';

export const planView = (row: PlanRow): Plan => ({
  id: row.id,
  key: row.key,
  name: row.name,
  description: row.description,
  speed_download: toMbps(row.down_kbps),
  speed_upload: toMbps(row.up_kbps),
  price: Number(row.price),
  billing_cycle: 'monthly',
  features: Array.isArray(row.features) ? row.features.map(String) : [],
  erp_item: row.erp_item,
  ...burstFields(readBurst(row.burst)),
  priority: row.priority,
  address_pool: row.address_pool,
  quota_gb: row.quota_gb,
  is_active: row.is_active,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** The columns of a plan; a burst that is named in part is refused. */
export function valuesOf(plan: NewPlan): PlanValues {
  const burst = burstOf(plan);
  return {
    name: plan.name,
    description: plan.description,
    down_kbps: toKbps(plan.speed_download),
    up_kbps: toKbps(plan.speed_upload),
    price: BigInt(plan.price),
    billing_cycle: plan.billing_cycle,
    features: JSON.stringify(plan.features),
    erp_item: plan.erp_item,
    burst: burst && JSON.stringify(burst),
    priority: plan.priority,
    address_pool: plan.address_pool,
    quota_gb: plan.quota_gb,
    is_active: plan.is_active,
  };
}

/** What the plan's group holds: equal text, equal rows. */
export function groupRows(row: PlanRow): GroupRows {
  const burst = readBurst(row.burst);
  const speed = {
    downKbps: row.down_kbps,
    upKbps: row.up_kbps,
    ...(burst ? { burst } : {}),
    ...(row.priority === null ? {} : { priority: row.priority }),
  };
  return planGroupRows(speed, row.address_pool === null ? {} : { addressPool: row.address_pool });
}

/** The plan with the fields that a change names; what it does not name stays. */
export const withChange = (plan: Plan, change: PlanChange): NewPlan => ({
  ...plan,
  ...(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<NewPlan>),
});
