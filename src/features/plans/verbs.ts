import { askSubscriptions, markDocuments, markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { mapPage } from '#db/page.ts';
import { groupName, planKey } from '#domain/groups.ts';
import { announce } from '#outbox/announce.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { groupRows, planView, valuesOf, withChange } from './plan-row.ts';
import type { NewPlan, Plan, PlanChange, PlanQuery } from './schema.ts';
import * as store from './store.ts';

export { plansBilling } from './store.ts';

/**
 * Sends the plan's rows to the enforcer (spec R2): one group, however many lines are on it. As urgent as the most urgent
 * user, and before it: a user in a group without rows would be let in at full speed (law 7).
 */
async function applyGroup(tx: Tx, { tenantId, correlationId }: Who, row: store.PlanRow): Promise<void> {
  const group = groupName(tenantId, { plan: row.key });
  const intent = { kind: 'group.apply', group, ...groupRows(row) } as const;
  const generation = await takeGeneration(tx);
  await appendIntents(tx, tenantId, [
    { intent, key: group, subscriptionId: null, generation, urgency: urgency.restore, correlationId },
  ]);
}

/** Sends every plan's rows: the tenant's enforcer is another one, which has none of them. */
export async function applyEveryGroup(tx: Tx, who: Who): Promise<void> {
  for (const row of await store.everyPlan(tx, who.tenantId)) await applyGroup(tx, who, row);
}

/** Subscriptions of ERPNext that no plan stood for are looked at again, now that one may. */
const askAgain = (tx: Tx, { tenantId, correlationId }: Who): Promise<void> =>
  markDocuments(tx, tenantId, [{ doctype: askSubscriptions, name: '*', correlationId }]);

const isNameTwin = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'service_plans_name';

async function refusingTwins<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isNameTwin(error)) throw new Refusal('DUPLICATE_ENTRY', `There is a plan ${name} already.`, { field: 'name' });
    throw error;
  }
}

/** The key is made from the name once and stays: it is the group's name in RADIUS. */
async function insertUnderFreeKey(tx: Tx, tenantId: string, values: store.PlanValues): Promise<store.PlanRow> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const row = await store.insertPlan(tx, tenantId, planKey(values.name, attempt), values);
    if (row) return row;
  }
  throw new Refusal('CONFLICT', `A thousand plans have names like ${values.name}: choose another.`);
}

/** The plan to throttle to is one of the tenant's, and not itself (spec P13); locked, so that nobody deletes it meanwhile. */
async function checkThrottlePlan(tx: Tx, tenantId: string, planId: string | null, ownId: string | null): Promise<void> {
  if (planId === null) return;
  if (planId === ownId) throw invalid('throttle_plan_id', 'A plan cannot throttle to itself.');
  if (!(await store.findPlanToChange(tx, tenantId, planId))) {
    throw invalid('throttle_plan_id', 'There is no such service plan.');
  }
}

type PlanEvent = 'plan.created' | 'plan.updated' | 'plan.deleted';

/** Tells the tenant's other systems (spec X12). */
const announcePlan = (tx: Tx, who: Who, type: PlanEvent, { id, name, price }: Plan): Promise<void> =>
  announce(tx, who.tenantId, { type, data: { id, name, price }, correlationId: who.correlationId });

/** Adds a plan, and its group at the enforcer before any line can be on it (law 7). */
export async function addPlan(tx: Tx, who: Who, plan: NewPlan): Promise<Plan> {
  demand(who.caller, 'plans:write');
  const values = valuesOf(plan);
  await checkThrottlePlan(tx, who.tenantId, plan.throttle_plan_id, null);
  const row = await refusingTwins(plan.name, () => insertUnderFreeKey(tx, who.tenantId, values));
  await applyGroup(tx, who, row);
  if (row.erp_item !== null) await askAgain(tx, who);
  const view = planView(row);
  await record(tx, who, { action: 'create', entity: 'service_plan', id: row.id, after: view });
  await announcePlan(tx, who, 'plan.created', view);
  return view;
}

const hasOtherQuota = (a: store.PlanRow, b: store.PlanRow): boolean =>
  a.quota_gb !== b.quota_gb || a.quota_action !== b.quota_action || a.throttle_plan_id !== b.throttle_plan_id;

/** Changes what is named. The price of a running line is the one that was signed, so it stays (spec C2). */
export async function changePlan(tx: Tx, who: Who, id: string, change: PlanChange): Promise<Plan> {
  demand(who.caller, 'plans:write');
  const { tenantId, correlationId } = who;
  const before = await store.findPlanToChange(tx, tenantId, id);
  if (!before) throw notFound('service plan');
  const values = valuesOf(withChange(planView(before), change));
  await checkThrottlePlan(tx, tenantId, values.throttle_plan_id ?? null, id);
  const row = await refusingTwins(values.name, () => store.updatePlan(tx, tenantId, id, values));
  if (JSON.stringify(groupRows(before)) !== JSON.stringify(groupRows(row))) await applyGroup(tx, who, row);
  if (row.erp_item !== before.erp_item) {
    const lines = await store.linesBesidePlan(tx, tenantId, id);
    await markLines(tx, { tenantId, correlationId, cause: `the ERP item of plan ${row.name} changed` }, lines);
  }
  if (hasOtherQuota(before, row)) {
    const lines = await store.linesOnPlan(tx, tenantId, id);
    await markLines(tx, { tenantId, correlationId, cause: `the quota of plan ${row.name} changed` }, lines);
  }
  if (row.erp_item !== null) await askAgain(tx, who);
  const view = planView(row);
  await record(tx, who, { action: 'update', entity: 'service_plan', id, before: planView(before), after: view });
  await announcePlan(tx, who, 'plan.updated', view);
  return view;
}

/** A plan that lines are on, or that another one throttles to, stays (spec C2). Its group stays in RADIUS: it harms nobody. */
export async function removePlan(tx: Tx, who: Who, id: string): Promise<void> {
  demand(who.caller, 'plans:write');
  const { tenantId } = who;
  const plan = await store.findPlanToChange(tx, tenantId, id);
  if (!plan) throw notFound('service plan');
  const lines = await store.countLines(tx, tenantId, id);
  if (lines > 0) {
    const message = `${lines} ${lines === 1 ? 'subscription is' : 'subscriptions are'} on ${plan.name}: move them first, or take the plan off sale with is_active.`;
    throw new Refusal('CONFLICT', message, { subscriptions: lines });
  }
  const plans = await store.countThrottled(tx, tenantId, id);
  if (plans > 0) throw new Refusal('CONFLICT', `Other plans throttle to ${plan.name}.`, { service_plans: plans });
  await store.updatePlan(tx, tenantId, id, { deleted_at: new Date() });
  await record(tx, who, { action: 'delete', entity: 'service_plan', id, before: planView(plan) });
  await announcePlan(tx, who, 'plan.deleted', planView(plan));
}

export async function getPlan(tx: Tx, who: Who, id: string): Promise<Plan> {
  demand(who.caller, 'plans:read');
  const row = await store.findPlan(tx, who.tenantId, id);
  if (!row) throw notFound('service plan');
  return planView(row);
}

export async function listPlans(tx: Tx, who: Who, query: PlanQuery) {
  demand(who.caller, 'plans:read');
  return mapPage(await store.listPlans(tx, who.tenantId, query), planView);
}
