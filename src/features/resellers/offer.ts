import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound } from '#platform/refusal.ts';
import type { ResellerPlans, ResellerPlansChange } from './schema.ts';
import { findResellerToChange, knownPlans, type PlanRow, plansOf, replacePlans } from './store.ts';
import { getReseller } from './verbs.ts';

const offer = (rows: readonly PlanRow[]): ResellerPlans => ({
  sells_all: rows.length === 0,
  plans: rows.map(({ service_plan_id, name, plan_price, price }) => ({
    service_plan_id,
    name,
    plan_price: Number(plan_price),
    price: price === null ? null : Number(price),
  })),
});

/** The plans that a reseller may sell, and its prices (spec S1). */
export async function getOffer(tx: Tx, who: Who, id: string): Promise<ResellerPlans> {
  await getReseller(tx, who, id);
  return offer(await plansOf(tx, who.tenantId, id));
}

async function check(tx: Tx, tenantId: string, { plans }: ResellerPlansChange): Promise<void> {
  const ids = plans.map((plan) => plan.service_plan_id);
  const twin = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twin >= 0) throw invalid(`plans.${twin}.service_plan_id`, 'This plan stands in the list twice.');
  const known = await knownPlans(tx, tenantId, ids);
  const stranger = ids.findIndex((id) => !known.has(id));
  if (stranger >= 0) throw invalid(`plans.${stranger}.service_plan_id`, 'There is no such service plan.');
}

const audited = ({ plans }: ResellerPlans) => ({
  plans: plans.map(({ name, price, plan_price }) => `${name}: ${price ?? plan_price}`).join(', '),
});

/** Replaces all that it may sell; lines that it has sold keep their price, as they do when a plan's own changes. */
export async function replaceOffer(tx: Tx, who: Who, id: string, asked: ResellerPlansChange): Promise<ResellerPlans> {
  demand(who.caller, 'resellers:write');
  const { tenantId } = who;
  // Locked: of two lists at once the later one is whole.
  if (!(await findResellerToChange(tx, tenantId, id))) throw notFound('reseller');
  await check(tx, tenantId, asked);
  const before = offer(await plansOf(tx, tenantId, id));
  const plans = asked.plans.map(({ service_plan_id, price }) => ({
    service_plan_id,
    price: price === null ? null : BigInt(price),
  }));
  await replacePlans(tx, tenantId, id, plans);
  const after = offer(await plansOf(tx, tenantId, id));
  const change = { action: 'update', entity: 'reseller_plans', id } as const;
  await record(tx, who, { ...change, before: audited(before), after: audited(after) });
  return after;
}
