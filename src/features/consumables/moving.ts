import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { bagPlace, type ConsumableMoveKind } from '#domain/consumable.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { tellIfLow } from './low-stock.ts';
import type { Move, NewMove, Use } from './schema.ts';
import * as store from './store.ts';

export const moveView = (row: store.MoveRow): Move => ({
  id: row.id,
  consumable_id: row.consumable_id,
  kind: row.kind,
  quantity: Number(row.quantity),
  after: Number(row.after),
  to_consumable_id: row.to_consumable_id,
  order_id: row.order_id,
  note: row.note,
  moved_by: row.moved_by,
  at: row.at.toISOString(),
});

const tooLittle = {
  id: (row: store.ConsumableRow) => `${row.name}: hanya ada ${row.quantity} ${row.unit}.`,
  en: (row: store.ConsumableRow) => `${row.name}: there are ${row.quantity} ${row.unit} only.`,
} as const;

const noOrder = {
  id: 'SPK ini tidak ada, atau bukan tugas Anda.',
  en: 'There is no such work order, or it is not yours.',
} as const;

type Moving = {
  readonly tx: Tx;
  readonly who: Who;
  readonly appendMessage: AppendMessage;
};

/** One place's change, with its audit entry (P48) and what people are told (P49). */
async function change(
  { tx, who, appendMessage }: Moving,
  before: store.ConsumableRow,
  by: bigint,
): Promise<store.ConsumableRow> {
  const after = await store.changeQuantity(tx, who.tenantId, before.id, by);
  if (!after) {
    const { language } = readTenantSettings(await store.settingsOf(tx, who.tenantId));
    throw new Refusal('CONFLICT', tooLittle[language](before), { quantity: Number(before.quantity) });
  }
  // As the one statement found it, whoever was a moment faster.
  const was = { ...before, quantity: after.quantity - by };
  const told = { before: { quantity: was.quantity }, after: { quantity: after.quantity } };
  await record(tx, who, { action: 'update', entity: 'consumable', id: before.id, ...told });
  await tellIfLow(tx, who, was, after, appendMessage);
  return after;
}

type Wish = {
  readonly kind: ConsumableMoveKind;
  readonly quantity: number;
  readonly orderId: string | null;
  readonly to: { readonly place: string; readonly technicianId: string | null } | null;
  readonly note: string;
  readonly clientRef: string | null;
};

async function move(moving: Moving, sight: store.Sight, id: string, wish: Wish): Promise<Move> {
  const { tx, who } = moving;
  const { tenantId, caller } = who;
  if (wish.clientRef !== null) {
    await store.lockRef(tx, tenantId, caller.userId, wish.clientRef);
    const known = await store.findMove(tx, tenantId, caller.userId, wish.clientRef);
    if (known) return moveView(known);
  }
  const from = await store.findConsumable(tx, sight, id);
  if (!from) throw notFound('consumable');
  const to = wish.to && (await store.twinAt(tx, from, wish.to));
  if (to?.id === id) throw invalid('place', 'It lies there already.');
  const by = BigInt(wish.quantity);
  // In one order of ids, so that two transfers against each other never wait for each other.
  const changes = [{ row: from, by: wish.kind === 'in' ? by : -by }, ...(to ? [{ row: to, by }] : [])].toSorted(
    (a, b) => (a.row.id < b.row.id ? -1 : 1),
  );
  let left = from;
  for (const one of changes) {
    const changed = await change(moving, one.row, one.by);
    if (changed.id === id) left = changed;
  }
  const made = await store.insertMove(tx, {
    tenant_id: tenantId,
    consumable_id: id,
    kind: wish.kind,
    quantity: by,
    after: left.quantity,
    to_consumable_id: to?.id ?? null,
    order_id: wish.orderId,
    note: wish.note,
    client_ref: wish.clientRef,
    moved_by: caller.userId,
  });
  return moveView(made);
}

/** Where a transfer goes: into a technician's bag, or to a warehouse; other moves go nowhere. */
async function destinationOf(tx: Tx, tenantId: string, { kind, technician_id, place }: NewMove): Promise<Wish['to']> {
  if (kind !== 'transfer') {
    if (technician_id !== undefined) throw invalid('technician_id', 'Only a transfer goes to somebody.');
    if (place !== undefined) throw invalid('place', 'Only a transfer goes to another place.');
    return null;
  }
  if (technician_id === undefined) {
    if (place === undefined) throw invalid('technician_id', 'Name a technician, or a place, that it goes to.');
    return { place, technicianId: null };
  }
  if (place !== undefined) throw invalid('place', 'It goes to a technician or to a place, not to both.');
  if (!(await store.isTechnician(tx, tenantId, technician_id))) {
    throw invalid('technician_id', 'There is no such technician.');
  }
  return { place: bagPlace, technicianId: technician_id };
}

/** Moves some of a thing (spec A8). Throws a Refusal that names the field, or says how much there is. */
export async function moveConsumable(moving: Moving, id: string, wish: NewMove): Promise<Move> {
  const { tx, who } = moving;
  demand(who.caller, 'consumables:write');
  const { tenantId } = who;
  const { kind, quantity, note, order_id: orderId = null, client_ref: clientRef = null } = wish;
  if (orderId !== null && kind !== 'use') throw invalid('order_id', 'Only a use is for an order.');
  const sight = { tenantId, technicianId: null };
  if (orderId !== null && !(await store.orderExists(tx, sight, orderId))) {
    throw invalid('order_id', 'There is no such work order.');
  }
  const to = await destinationOf(tx, tenantId, wish);
  return move(moving, sight, id, { kind, quantity, orderId, to, note, clientRef });
}

/** A technician uses what is in its own bag up for an order of its own; others whatever there is. */
export async function noteUse(moving: Moving, orderId: string, use: Use): Promise<Move> {
  const { tx, who } = moving;
  demand(who.caller, 'work_orders:write');
  const { tenantId, caller } = who;
  const sight = { tenantId, technicianId: caller.role === 'technician' ? caller.userId : null };
  if (!(await store.orderExists(tx, sight, orderId))) {
    const { language } = readTenantSettings(await store.settingsOf(tx, tenantId));
    throw new Refusal('NOT_FOUND', noOrder[language]);
  }
  const { consumable_id: id, quantity, note, client_ref: clientRef = null } = use;
  if (!(await store.findConsumable(tx, sight, id))) throw invalid('consumable_id', 'There is no such consumable.');
  return move(moving, sight, id, { kind: 'use', quantity, orderId, to: null, note, clientRef });
}
