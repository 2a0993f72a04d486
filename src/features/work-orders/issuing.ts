import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { takeNumber } from '#db/take-number.ts';
import { appendTimeline } from '#db/timeline.ts';
import { localDate } from '#domain/local-time.ts';
import { type WorkOrderKind, type WorkOrderSource, workOrderNumber } from '#domain/work-order.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { customerExists, isTechnician, lineExists, livingLines } from './named-things.ts';
import { auditedOrder } from './order-view.ts';
import type { NewWorkOrder } from './schema.ts';
import * as store from './store.ts';

/** In whose name an order arises; `userId` null: the hub's own, or the ledger's. */
export type Issuer = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly userId: string | null;
};

export type Wanted = {
  readonly kind: WorkOrderKind;
  readonly source: WorkOrderSource;
  readonly customerId: string;
  readonly subscriptionId: string | null;
  readonly technicianId: string | null;
  readonly scheduledAt: Date | null;
  readonly notes: string;
};

async function write(tx: Tx, issuer: Issuer, wanted: Wanted, now: Date): Promise<store.OrderRecord | undefined> {
  const { tenantId } = issuer;
  const { time_zone } = await store.settingsOf(tx, tenantId);
  const month = localDate(now.getTime(), time_zone).slice(0, 7);
  return store.insertOrder(tx, {
    tenant_id: tenantId,
    number: workOrderNumber(month, await takeNumber(tx, tenantId, `work_order ${month}`)),
    kind: wanted.kind,
    state: wanted.technicianId === null ? 'issued' : 'assigned',
    source: wanted.source,
    customer_id: wanted.customerId,
    subscription_id: wanted.subscriptionId,
    technician_id: wanted.technicianId,
    scheduled_at: wanted.scheduledAt,
    notes: wanted.notes,
    issued_by: issuer.userId,
    issued_at: now,
    assigned_at: wanted.technicianId === null ? null : now,
  });
}

/**
 * Issues an order under the next number of the month, without gaps, with its first step and a line in the timeline
 * (spec A3). Refused where the line waits for an installation already.
 */
export async function issueOrder(tx: Tx, issuer: Issuer, wanted: Wanted, now: number): Promise<store.OrderRecord> {
  const { tenantId, correlationId, userId } = issuer;
  const at = new Date(now);
  const order = await write(tx, issuer, wanted, at);
  if (!order) {
    const message = 'This subscription has an order for its installation already.';
    throw new Refusal('DUPLICATE_ENTRY', message, { field: 'subscription_id' });
  }
  await store.insertStep(tx, {
    tenant_id: tenantId,
    order_id: order.id,
    at,
    to_state: order.state,
    technician_id: order.technician_id,
    by_user: userId,
    by_whom: userId === null ? 'hub' : 'office',
  });
  if (order.subscription_id !== null) {
    const told = {
      subscriptionId: order.subscription_id,
      kind: 'work_order',
      text: `Work order ${order.number} (${order.kind}) was issued.`,
      correlationId,
      data: { order_id: order.id, state: order.state, user_id: userId },
    };
    await appendTimeline(tx, tenantId, [told]);
  }
  return order;
}

/** Notes in the audit log who registered the line that this order is for, if there is one (P45). */
export async function recordIssued(tx: Tx, who: Who, subscriptionId: string): Promise<void> {
  const order = await store.installationOf(tx, who.tenantId, subscriptionId);
  if (!order) return;
  await record(tx, who, { action: 'create', entity: 'work_order', id: order.id, after: auditedOrder(order) });
}

/** The line that an order is about: the one that is named, else the only one that lives; null: a survey of no line. */
async function lineFor(tx: Tx, tenantId: string, asked: NewWorkOrder): Promise<string | null> {
  const { customer_id: customerId, subscription_id: named, kind } = asked;
  if (named !== undefined) {
    if (await lineExists(tx, tenantId, customerId, named)) return named;
    throw invalid('subscription_id', 'The customer has no such subscription.');
  }
  const [only, another] = await livingLines(tx, tenantId, customerId);
  if (only !== undefined && another === undefined) return only;
  if (kind === 'survey') return null;
  const words = only === undefined ? 'has no subscription that lives' : 'has several subscriptions: name one';
  throw invalid('subscription_id', `The customer ${words}.`);
}

/** Issues an order by hand. Throws a Refusal that names the field. */
export async function addOrder(tx: Tx, who: Who, asked: NewWorkOrder, now: number): Promise<store.OrderRecord> {
  demand(who.caller, 'work_orders:assign');
  const { tenantId, correlationId, caller } = who;
  if (!(await customerExists(tx, tenantId, asked.customer_id))) {
    throw invalid('customer_id', 'There is no such customer.');
  }
  const technicianId = asked.technician_id ?? null;
  if (technicianId !== null && !(await isTechnician(tx, tenantId, technicianId))) {
    throw invalid('technician_id', 'There is no such technician.');
  }
  const wanted: Wanted = {
    kind: asked.kind,
    source: 'office',
    customerId: asked.customer_id,
    subscriptionId: await lineFor(tx, tenantId, asked),
    technicianId,
    scheduledAt: asked.scheduled_at === undefined ? null : new Date(asked.scheduled_at),
    notes: asked.notes,
  };
  const order = await issueOrder(tx, { tenantId, correlationId, userId: caller.userId }, wanted, now);
  await record(tx, who, { action: 'create', entity: 'work_order', id: order.id, after: auditedOrder(order) });
  return order;
}
