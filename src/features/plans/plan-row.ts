import { type GroupRows, planGroupRows } from '#domain/radius-groups.ts';
import { invalid } from '#platform/refusal.ts';
import type { NewPlan, Plan, PlanChange } from './schema.ts';
import { burstFields, burstOf, readBurst, toKbps, toMbps } from './speed.ts';
import type { PlanRow, PlanValues } from './store.ts';

const texts = (stored: unknown): string[] => (Array.isArray(stored) ? stored.map(String) : []);

export const planView = (row: PlanRow): Plan => ({
  id: row.id,
  key: row.key,
  name: row.name,
  description: row.description,
  speed_download: toMbps(row.down_kbps),
  speed_upload: toMbps(row.up_kbps),
  price: Number(row.price),
  billing_cycle: 'monthly',
  features: texts(row.features),
  erp_item: row.erp_item,
  ...burstFields(readBurst(row.burst)),
  priority: row.priority,
  address_pool: row.address_pool,
  queue_type: row.queue_type,
  parent_queue: row.parent_queue,
  dns: texts(row.dns),
  max_connections: row.max_connections,
  quota_gb: row.quota_gb,
  quota_action: row.quota_action,
  throttle_plan_id: row.throttle_plan_id,
  is_active: row.is_active,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** What happens beyond the quota, where the parts of a plan that say so fit together. */
function quotaAction({ quota_gb, quota_action, throttle_plan_id }: NewPlan): NewPlan['quota_action'] {
  if (quota_action !== null && quota_gb === null) throw invalid('quota_gb', 'What happens beyond a quota needs one.');
  if ((quota_action === 'throttle') !== (throttle_plan_id !== null)) {
    throw invalid('throttle_plan_id', 'The plan to throttle to goes with quota_action throttle, and only with it.');
  }
  return quota_action;
}

/** The columns of a plan; a burst or a quota that is named in part is refused. */
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
    queue_type: plan.queue_type,
    parent_queue: plan.parent_queue,
    dns: JSON.stringify(plan.dns),
    max_connections: plan.max_connections,
    quota_gb: plan.quota_gb,
    quota_action: quotaAction(plan),
    throttle_plan_id: plan.throttle_plan_id,
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
  return planGroupRows(speed, {
    ...(row.address_pool === null ? {} : { addressPool: row.address_pool }),
    ...(row.max_connections === null ? {} : { maxSessions: row.max_connections }),
  });
}

/** The plan with the fields that a change names; what it does not name stays. */
export const withChange = (plan: Plan, change: PlanChange): NewPlan => ({
  ...plan,
  ...(Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<NewPlan>),
});
