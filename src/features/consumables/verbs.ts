import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { bagPlace } from '#domain/consumable.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { tellIfLow } from './low-stock.ts';
import { moveView } from './moving.ts';
import type { Consumable, ConsumableChange, ConsumableQuery, MoveQuery, NewConsumable } from './schema.ts';
import * as store from './store.ts';

const sightOf = ({ tenantId, caller }: Who): store.Sight => ({
  tenantId,
  technicianId: caller.role === 'technician' ? caller.userId : null,
});

const view = (row: store.ConsumableRow): Consumable => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  unit: row.unit,
  place: row.place,
  technician_id: row.technician_id,
  quantity: Number(row.quantity),
  minimum: Number(row.minimum),
  is_low: row.quantity < row.minimum,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

function audited(row: store.ConsumableRow): Record<string, unknown> {
  const { name, kind, unit, place, quantity, minimum } = row;
  return { name, kind, unit, place, quantity, minimum };
}

const twin = (name: string, place: string): Refusal =>
  new Refusal('DUPLICATE_ENTRY', `${name} is at ${place} already: change its quantity by a move.`, { field: 'name' });

export async function addConsumable(tx: Tx, who: Who, asked: NewConsumable, appendMessage: AppendMessage) {
  demand(who.caller, 'consumables:write');
  const { quantity, minimum, ...rest } = asked;
  const values = { ...rest, tenant_id: who.tenantId, quantity: BigInt(quantity), minimum: BigInt(minimum) };
  const row = await store.insertConsumable(tx, values);
  if (!row) throw twin(asked.name, asked.place);
  await record(tx, who, { action: 'create', entity: 'consumable', id: row.id, after: audited(row) });
  await tellIfLow(tx, who, null, row, appendMessage);
  return view(row);
}

async function toChange(tx: Tx, who: Who, id: string): Promise<store.ConsumableRow> {
  demand(who.caller, 'consumables:write');
  const row = await store.findToChange(tx, sightOf(who), id);
  if (!row) throw notFound('consumable');
  return row;
}

const isTwin = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'consumables_once';

/** Changes what it is called, where it lies, or its minimum. */
export async function changeConsumable(
  tx: Tx,
  who: Who,
  id: string,
  change: ConsumableChange,
  appendMessage: AppendMessage,
): Promise<Consumable> {
  const before = await toChange(tx, who, id);
  if (change.place !== undefined && before.place === bagPlace) {
    throw invalid('place', 'It is in a technician’s bag: move it from there by a transfer.');
  }
  const row = await store.updateConsumable(tx, before, change).catch((error: unknown) => {
    throw isTwin(error) ? twin(change.name ?? before.name, change.place ?? before.place) : error;
  });
  await record(tx, who, { action: 'update', entity: 'consumable', id, before: audited(before), after: audited(row) });
  await tellIfLow(tx, who, before, row, appendMessage);
  return view(row);
}

/** Takes it off the lists; the row and its moves stay (P14). */
export async function removeConsumable(tx: Tx, who: Who, id: string): Promise<void> {
  const row = await toChange(tx, who, id);
  await store.removeConsumable(tx, row, new Date());
  await record(tx, who, { action: 'delete', entity: 'consumable', id, before: audited(row) });
}

export async function getConsumable(tx: Tx, who: Who, id: string): Promise<Consumable> {
  demand(who.caller, 'consumables:read');
  const row = await store.findConsumable(tx, sightOf(who), id);
  if (!row) throw notFound('consumable');
  return view(row);
}

export async function listConsumables(tx: Tx, who: Who, query: ConsumableQuery) {
  demand(who.caller, 'consumables:read');
  return mapPage(await store.listConsumables(tx, sightOf(who), query), view);
}

export async function listMoves(tx: Tx, who: Who, id: string, query: MoveQuery) {
  demand(who.caller, 'consumables:read');
  if (!(await store.findConsumable(tx, sightOf(who), id))) throw notFound('consumable');
  return mapPage(await store.listMoves(tx, who.tenantId, id, query), moveView);
}
