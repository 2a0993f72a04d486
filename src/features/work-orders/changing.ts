import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { closedStates, type Mover, needsReason, type WorkOrderState } from '#domain/work-order.ts';
import { demand, may, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import type { TenantSettings } from '#platform/tenant-settings.ts';
import { advance, noteStep, type Step } from './advancing.ts';
import { isTechnician } from './named-things.ts';
import { auditedOrder } from './order-view.ts';
import type { WorkOrderChange } from './schema.ts';
import { sightOf } from './sight.ts';
import * as store from './store.ts';
import { wordsIn } from './words.ts';

/** What only the office may say. */
const ofTheOffice = ['technician_id', 'scheduled_at', 'notes'] as const;
const officeStates: readonly WorkOrderState[] = ['issued', 'assigned', 'verified', 'cancelled'];

function demandOffice({ caller }: Who, change: WorkOrderChange): void {
  const isOfficeWork = ofTheOffice.some((name) => change[name] !== undefined);
  if (isOfficeWork || (change.state !== undefined && officeStates.includes(change.state))) {
    demand(caller, 'work_orders:assign');
  }
}

const moverOf = ({ caller }: Who): Mover => (may(caller, 'work_orders:assign') ? 'office' : 'technician');

type Changing = {
  readonly who: Who;
  readonly order: store.OrderRecord;
  readonly change: WorkOrderChange;
  readonly settings: TenantSettings;
  readonly now: number;
};

/** Where the change would have the order stand; null: where it stands. */
function targetOf({ order, change, settings }: Changing): WorkOrderState | null {
  const { state, technician_id: technicianId } = change;
  const isOther = technicianId !== undefined && technicianId !== order.technician_id;
  if (isOther && state === undefined) return technicianId === null ? 'issued' : 'assigned';
  if (isOther && state !== (technicianId === null ? 'issued' : 'assigned')) {
    throw invalid('technician_id', 'Giving it to somebody else makes it assigned: change the state afterwards.');
  }
  if (state === 'assigned' && (technicianId ?? order.technician_id) === null) {
    throw invalid('technician_id', wordsIn(settings.language).technicianMissing);
  }
  return state === undefined || (state === order.state && !isOther) ? null : state;
}

function positionOf({ change, settings }: Changing): Step['position'] {
  const { latitude, longitude, accuracy_m } = change;
  if (latitude !== undefined && longitude !== undefined) return { latitude, longitude, accuracyM: accuracy_m ?? null };
  if (latitude === longitude) return null;
  throw invalid(latitude === undefined ? 'latitude' : 'longitude', wordsIn(settings.language).halfPosition);
}

/** A phone's clock may be wrong: nothing happened later than it was told. */
const happened = ({ change, now }: Changing): Date =>
  new Date(change.at === undefined ? now : Math.min(now, Date.parse(change.at)));

async function checkProof(tx: Tx, { order, settings }: Changing): Promise<void> {
  const wanted = settings.field_work.photos_to_verify;
  const there = (await store.photosOf(tx, order.tenant_id, order.id)).length;
  if (there >= wanted) return;
  throw new Refusal('CONFLICT', wordsIn(settings.language).photosMissing(there, wanted), { photos: there, wanted });
}

async function checkStep(tx: Tx, changing: Changing, to: WorkOrderState): Promise<void> {
  const { order, change, settings } = changing;
  if (needsReason(to) && change.reason === undefined) throw invalid('reason', wordsIn(settings.language).reasonMissing);
  const technicianId = change.technician_id ?? order.technician_id;
  if (to === 'assigned' && technicianId !== null && !(await isTechnician(tx, order.tenant_id, technicianId))) {
    throw invalid('technician_id', 'There is no such technician.');
  }
  if (to === 'verified') await checkProof(tx, changing);
}

/** By whom, when and where; what is asked for is beside it. */
const stepOf = (changing: Changing): Omit<Step, 'to' | 'technicianId'> => ({
  by: moverOf(changing.who),
  userId: changing.who.caller.userId,
  correlationId: changing.who.correlationId,
  at: happened(changing),
  position: positionOf(changing),
  note: changing.change.note ?? null,
  reason: changing.change.reason ?? null,
  clientRef: changing.change.client_ref ?? null,
});

async function move(tx: Tx, changing: Changing, to: WorkOrderState): Promise<store.OrderRecord> {
  const { order, change, settings } = changing;
  await checkStep(tx, changing, to);
  const given = change.technician_id === undefined ? {} : { technicianId: change.technician_id };
  const moved = await advance(tx, order, { ...stepOf(changing), to, ...given });
  if (moved) return moved;
  const words = wordsIn(settings.language);
  const told = words.wrongMove(words.states[order.state], words.states[to]);
  throw new Refusal('CONFLICT', told, { state: order.state, to });
}

/** What is said of an order that does not move: another day, other words for the technician, a note. */
async function amend(tx: Tx, changing: Changing, order: store.OrderRecord, hasMoved: boolean) {
  const { change, settings } = changing;
  const { scheduled_at: scheduledAt, notes } = change;
  const isClosed = closedStates.some((state) => state === order.state);
  if (isClosed && (scheduledAt !== undefined || notes !== undefined)) {
    const words = wordsIn(settings.language);
    throw new Refusal('CONFLICT', words.closed(words.states[order.state]), { state: order.state });
  }
  if (!hasMoved && change.note !== undefined) await noteStep(tx, order, order, stepOf(changing));
  if (scheduledAt === undefined && notes === undefined) return order;
  return store.updateOrder(tx, order, {
    ...(scheduledAt === undefined ? {} : { scheduled_at: scheduledAt === null ? null : new Date(scheduledAt) }),
    ...(notes === undefined ? {} : { notes }),
  });
}

/**
 * Moves an order, gives it to somebody, or changes what is said of it. The state that it has already, or a step that the
 * phone has told before, changes nothing: an offline phone may say it again.
 */
export async function changeOrder(tx: Tx, who: Who, id: string, change: WorkOrderChange, now: number): Promise<void> {
  demand(who.caller, 'work_orders:write');
  const order = await store.findOrderToChange(tx, sightOf(who), id);
  if (!order) throw await store.missingOrder(tx, who.tenantId);
  demandOffice(who, change);
  if (change.client_ref !== undefined && (await store.isKnownStep(tx, order, change.client_ref))) return;
  const changing = { who, order, change, settings: await store.settingsOf(tx, who.tenantId), now };
  const to = targetOf(changing);
  const moved = to === null ? order : await move(tx, changing, to);
  const after = await amend(tx, changing, moved, to !== null);
  await record(tx, who, {
    action: 'update',
    entity: 'work_order',
    id,
    before: auditedOrder(order),
    after: { ...auditedOrder(after), ...(change.note === undefined ? {} : { note: change.note }) },
  });
}
