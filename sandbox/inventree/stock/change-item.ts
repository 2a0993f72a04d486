import { gone, type Handler, jsonOf, ok } from '../http/call.ts';
import { rowOf, textOr } from '../http/fields.ts';
import { Refused } from '../http/refused.ts';
import type { Json, StockItem } from '../world/rows.ts';
import { isNewer, type World } from '../world/world.ts';
import { itemView } from './item-view.ts';
import type { Errors } from './lines.ts';
import { itemOf } from './list-items.ts';
import { takenSerials } from './serial-numbers.ts';

/** Whatever is named is changed, place and customer too, and the history says nothing of it. `tags` is the whole list. */
export const changeItem: Handler = (world, call, _user, pk) => {
  const body = jsonOf(call);
  const before = itemOf(world, pk);
  const errors: Errors = {};
  const location = named(body, 'location', world.places, before.location, errors);
  const customer = named(body, 'customer', world.companies, before.customer, errors);
  if (Object.keys(errors).length > 0) throw new Refused(400, errors);
  const serial = body.serial === null ? null : textOr(body.serial, before.serial);
  if (serial !== null) refuseTaken(world, before, serial);
  const { tags } = body;
  return {
    write: (work) => {
      const saved = work.save({
        ...before,
        location,
        customer,
        serial,
        batch: textOr(body.batch, before.batch),
        packaging: textOr(body.packaging, before.packaging),
        link: textOr(body.link, before.link),
        notes: textOr(body.notes, before.notes),
      });
      if (Array.isArray(tags)) work.also(() => world.tags.set(pk, tags.map(String)));
      return () => ok(itemView(world, saved, 'written'));
    },
  };
};

function named(
  body: Json,
  name: string,
  rows: ReadonlyMap<number, unknown>,
  before: number | null,
  errors: Errors,
): number | null {
  const value = body[name];
  if (value === undefined) return before;
  if (value === null) return null;
  const found = rowOf(rows, value);
  if ('error' in found) errors[name] = [found.error];
  return Number(value);
}

function refuseTaken(world: World, item: StockItem, serial: string): void {
  if (takenSerials(world, item.part, [serial], item.pk).length === 0) return;
  throw new Refused(
    400,
    isNewer(world)
      ? { non_field_errors: ['The fields part, serial must make a unique set.'] }
      : { serial: [`Stock item with this serial number already exists: ${serial}`] },
  );
}

export const deleteItem: Handler = (world, _call, _user, pk) => {
  itemOf(world, pk);
  return {
    write: (work) => {
      work.remove(pk);
      return () => gone;
    },
  };
};
