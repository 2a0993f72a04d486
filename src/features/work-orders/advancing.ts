import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import { distanceM, type Position } from '#domain/distance.ts';
import { type Mover, mayMoveOrder, type WorkOrderState } from '#domain/work-order.ts';
import * as store from './store.ts';

/** One step of an order: by whom, when by the phone's clock, and where the phone was. */
export type Step = {
  readonly to: WorkOrderState;
  readonly by: Mover;
  readonly userId: string | null;
  readonly correlationId: string;
  readonly at: Date;
  readonly position: (Position & { readonly accuracyM: number | null }) | null;
  readonly note: string | null;
  readonly reason: string | null;
  readonly clientRef: string | null;
  /** Whose it is from then on; undefined: whose it was. */
  readonly technicianId?: string | null;
};

/** What each state says of the order beside its name. */
function factsOf(order: store.OrderRecord, { to, at, reason }: Step, technicianId: string | null) {
  const undone = { installed_at: null, installed_by: null, closed_at: null };
  switch (to) {
    case 'issued':
      return { ...undone, technician_id: null, assigned_at: null, reason: null };
    case 'assigned':
      return { ...undone, technician_id: technicianId, assigned_at: at, reason: null };
    case 'installed':
      return { installed_at: at, installed_by: order.technician_id };
    case 'verified':
      return { closed_at: at };
    case 'cancelled':
      return { closed_at: at, reason };
    case 'failed':
      return { reason };
    default:
      return {};
  }
}

async function tell(tx: Tx, order: store.OrderRecord, step: Step): Promise<void> {
  if (order.subscription_id === null) return;
  const text = `Work order ${order.number} (${order.kind}) is ${order.state.replace('_', ' ')}.`;
  const data = { order_id: order.id, state: order.state, by: step.by, user_id: step.userId };
  const entry = { subscriptionId: order.subscription_id, kind: 'work_order', text, data };
  await appendTimeline(tx, order.tenant_id, [{ ...entry, correlationId: step.correlationId }]);
}

/** A line that waited for its installation is decided about anew (spec C9). */
async function serveLine(tx: Tx, order: store.OrderRecord, { at, correlationId }: Step): Promise<void> {
  const { tenant_id: tenantId, subscription_id: lineId, number } = order;
  if (order.kind !== 'install' || lineId === null) return;
  if (!(await store.noteInstalled(tx, tenantId, lineId, at))) return;
  await markLines(tx, { tenantId, correlationId, cause: `work order ${number} is done` }, [lineId]);
}

/** Writes a step down, with how far the phone was from the customer's. A note alone is a step from a state to itself. */
export async function noteStep(
  tx: Tx,
  before: store.OrderRecord,
  after: store.OrderRecord,
  step: Omit<Step, 'to' | 'technicianId'>,
): Promise<void> {
  const { tenant_id: tenantId, customer_id: customerId } = after;
  const home = step.position && (await store.positionOf(tx, tenantId, customerId));
  await store.insertStep(tx, {
    tenant_id: tenantId,
    order_id: after.id,
    at: step.at,
    from_state: before.state,
    to_state: after.state,
    technician_id: after.technician_id,
    by_user: step.userId,
    by_whom: step.by,
    latitude: step.position?.latitude ?? null,
    longitude: step.position?.longitude ?? null,
    accuracy_m: step.position?.accuracyM ?? null,
    distance_m: step.position && home ? Math.round(distanceM(step.position, home)) : null,
    note: step.note,
    client_ref: step.clientRef,
  });
}

/**
 * Moves an order that the caller has locked, where the table of moves lets it, with all that follows from it: the step
 * with its place, the timeline, and, when an installation is done, the line. Null: it may not move so.
 */
export async function advance(tx: Tx, order: store.OrderRecord, step: Step): Promise<store.OrderRecord | null> {
  if (!mayMoveOrder(order.state, step.to, step.by)) return null;
  const technicianId = step.technicianId === undefined ? order.technician_id : step.technicianId;
  const facts = factsOf(order, step, technicianId);
  const moved = await store.updateOrder(tx, order, { state: step.to, ...facts });
  await noteStep(tx, order, moved, step);
  await tell(tx, moved, step);
  if (step.to === 'installed') await serveLine(tx, moved, step);
  return moved;
}

/** What a scan may be made for. */
export type ScannedOrder = {
  readonly id: string;
  readonly number: string;
  readonly kind: store.OrderRecord['kind'];
  readonly state: WorkOrderState;
  readonly customerId: string;
  readonly subscriptionId: string | null;
  readonly technicianId: string | null;
};

/**
 * An order as a scan for it needs it, locked until the transaction ends; null: there is none, or (`technicianId` given)
 * it is not that technician's.
 */
export async function orderForScan(
  tx: Tx,
  tenantId: string,
  orderId: string,
  technicianId: string | null,
): Promise<ScannedOrder | null> {
  const order = await store.findOrderToChange(tx, { tenantId, technicianId }, orderId);
  if (!order) return null;
  const { id, number, kind, state, customer_id, subscription_id, technician_id } = order;
  return {
    id,
    number,
    kind,
    state,
    customerId: customer_id,
    subscriptionId: subscription_id,
    technicianId: technician_id,
  };
}

/** What a finished scan says of the order that it was made for. */
export type ScanDone = {
  readonly tenantId: string;
  readonly correlationId: string;
  readonly at: Date;
  readonly userId: string;
  readonly position: Position | null;
};

/**
 * A scan shows that the work is done: the order is `installed`, from wherever the steps before it are. Said again, or of
 * an order that is closed, it changes nothing. Answers whether the order is done now.
 */
export async function advanceOrder(tx: Tx, orderId: string, done: ScanDone): Promise<boolean> {
  const { tenantId, correlationId, at, userId, position } = done;
  const order = await store.findOrderToChange(tx, { tenantId, technicianId: null }, orderId);
  if (!order) return false;
  const moved = await advance(tx, order, {
    to: 'installed',
    by: 'scan',
    userId,
    correlationId,
    at,
    position: position && { ...position, accuracyM: null },
    note: null,
    reason: null,
    clientRef: null,
  });
  return moved !== null || order.state === 'installed' || order.state === 'verified';
}
