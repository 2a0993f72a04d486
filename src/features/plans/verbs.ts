import { askSubscriptions, markDocuments, markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { groupName, planKey } from '#domain/groups.ts';
import { appendIntents, urgency } from '#outbox/append.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { groupRows, planView, valuesOf, withChange } from './plan-row.ts';
import type { NewPlan, Plan, PlanChange, PlanQuery } from './schema.ts';
import * as store from './store.ts';

export { plansBilling } from './store.ts';

/** In whose name: the tenant, and the request that everything that follows is told under. */
export type Asked = { readonly tenantId: string; readonly correlationId: string };

/**
 * Sends the plan's rows to the enforcer (spec R2): one group, however many lines are on it. As urgent as the most urgent
 * user, and before it: a user in a group without rows would be let in at full speed (law 7).
 */
async function applyGroup(tx: Tx, { tenantId, correlationId }: Asked, row: store.PlanRow): Promise<void> {
  const group = groupName(tenantId, { plan: row.key });
  const intent = { kind: 'group.apply', group, ...groupRows(row) } as const;
  const generation = await takeGeneration(tx);
  await appendIntents(tx, tenantId, [
    { intent, key: group, subscriptionId: null, generation, urgency: urgency.restore, correlationId },
  ]);
}

/** Subscriptions of ERPNext that no plan stood for are looked at again, now that one may. */
const askAgain = (tx: Tx, { tenantId, correlationId }: Asked): Promise<void> =>
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

/** Adds a plan, and its group at the enforcer before any line can be on it (law 7). */
export async function addPlan(tx: Tx, asked: Asked, plan: NewPlan): Promise<Plan> {
  const values = valuesOf(plan);
  const row = await refusingTwins(plan.name, () => insertUnderFreeKey(tx, asked.tenantId, values));
  await applyGroup(tx, asked, row);
  if (row.erp_item !== null) await askAgain(tx, asked);
  return planView(row);
}

/** Changes what is named. The price of a running line is the one that was signed, so it stays (spec C2). */
export async function changePlan(tx: Tx, asked: Asked, id: string, change: PlanChange): Promise<Plan> {
  const before = await store.findPlanToChange(tx, asked.tenantId, id);
  if (!before) throw notFound('service plan');
  const values = valuesOf(withChange(planView(before), change));
  const row = await refusingTwins(values.name, () => store.updatePlan(tx, asked.tenantId, id, values));
  if (JSON.stringify(groupRows(before)) !== JSON.stringify(groupRows(row))) await applyGroup(tx, asked, row);
  if (row.erp_item !== before.erp_item) {
    const lines = await store.linesBesidePlan(tx, asked.tenantId, id);
    await markLines(tx, { ...asked, cause: `the ERP item of plan ${row.name} changed` }, lines);
  }
  if (row.erp_item !== null) await askAgain(tx, asked);
  return planView(row);
}

/** A plan that lines are on stays (spec C2). Its group stays in RADIUS in any case: it harms nobody. */
export async function removePlan(tx: Tx, tenantId: string, id: string): Promise<void> {
  const plan = await store.findPlanToChange(tx, tenantId, id);
  if (!plan) throw notFound('service plan');
  const lines = await store.countLines(tx, tenantId, id);
  if (lines > 0) {
    const message = `${lines} ${lines === 1 ? 'subscription is' : 'subscriptions are'} on ${plan.name}: move them first, or take the plan off sale with is_active.`;
    throw new Refusal('CONFLICT', message, { subscriptions: lines });
  }
  await store.updatePlan(tx, tenantId, id, { deleted_at: new Date() });
}

export async function getPlan(tx: Tx, tenantId: string, id: string): Promise<Plan> {
  const row = await store.findPlan(tx, tenantId, id);
  if (!row) throw notFound('service plan');
  return planView(row);
}

export async function listPlans(tx: Tx, tenantId: string, query: PlanQuery) {
  const { rows, total } = await store.listPlans(tx, tenantId, query);
  return { data: rows.map(planView), page: query.page, page_size: query.page_size, total };
}
