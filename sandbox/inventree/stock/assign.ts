import { created, type Handler, jsonOf } from '../http/call.ts';
import { rowOf } from '../http/fields.ts';
import type { StockItem } from '../world/rows.ts';
import { isInStock } from '../world/status.ts';
import { tracked } from '../world/tracking.ts';
import type { World } from '../world/world.ts';
import { moved } from './change.ts';
import { type Errors, echoNotes, notesOf, readEach, refuseIf } from './lines.ts';

/** The key of a line is `item` here; how many are wanted is not looked at: the whole item goes. */
export const assign: Handler = (world, call) => {
  const body = jsonOf(call);
  const errors: Errors = {};
  const items = readEach(world, body, errors, (raw, wrong) => {
    const found = rowOf(world.items, raw.item);
    const refusal = 'row' in found ? refusalOf(world, found.row) : found.error;
    if (refusal !== null) wrong.item = [refusal];
    return 'row' in found ? found.row : null;
  });
  const customer = rowOf(world.companies, body.customer);
  if ('error' in customer) errors.customer = [customer.error];
  else if (!customer.row.isCustomer) errors.customer = ['Selected company is not a customer'];
  refuseIf(errors, items);
  const { pk, name } = 'row' in customer ? customer.row : { pk: 0, name: '' };
  return {
    write: (work) => {
      for (const item of items) {
        const saved = work.save({ ...item, customer: pk, location: null });
        const deltas = { customer: pk, customer_name: name, ...moved(world, item.quantity) };
        work.track(saved, tracked.sentToCustomer, deltas, notesOf(body));
        work.event('stockitem.assignedtocustomer', { id: item.pk, customer: pk });
      }
      return () => created({ items: items.map((item) => ({ item: item.pk })), customer: pk, ...echoNotes(body) });
    },
  };
};

function refusalOf(world: World, item: StockItem): string | null {
  if (!isInStock(item)) return 'Item must be in stock';
  return world.parts.get(item.part)?.isSalable ? null : 'Part must be salable';
}
