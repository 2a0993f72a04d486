import { type Call, created, type Handler, jsonOf, ok } from '../http/call.ts';
import { flagOr, textOr } from '../http/fields.ts';
import { flag, listed, matches } from '../http/page.ts';
import { noSuch, Refused, required } from '../http/refused.ts';
import { partDetail } from '../stock/item-view.ts';
import type { Json, Part } from '../world/rows.ts';
import { isInStock } from '../world/status.ts';
import type { World } from '../world/world.ts';

export const listParts: Handler = (world, call) => {
  const { query } = call;
  const yesNo = (name: string, value: boolean): boolean => (flag(call, name) ?? value) === value;
  const rows = [...world.parts.values()].filter(
    (part) =>
      yesNo('trackable', part.isTrackable) &&
      yesNo('salable', part.isSalable) &&
      yesNo('active', part.isActive) &&
      (query.get('IPN') ?? part.ipn) === part.ipn &&
      matches(call, [part.name, part.ipn, part.description]),
  );
  return listed(call, rows, (part) => partView(world, part));
};

export const showPart: Handler = (world, _call, _user, pk) => ok(partView(world, partOf(world, pk)));

/** A new part is neither trackable nor salable unless that is said. */
export const createPart: Handler = (world, call) => {
  const blank = { pk: 0, name: '', ipn: '', description: '', isTrackable: false, isSalable: false };
  const part = readPart(call, { ...blank, isActive: true, units: '' });
  return {
    write: () => {
      const made = { ...part, pk: world.next('part') };
      world.parts.set(made.pk, made);
      return () => created(partView(world, made));
    },
  };
};

export const changePart: Handler = (world, call, _user, pk) => {
  const part = readPart(call, partOf(world, pk));
  return {
    write: () => {
      world.parts.set(pk, part);
      return () => ok(partView(world, part));
    },
  };
};

function partOf(world: World, pk: number): Part {
  const part = world.parts.get(pk);
  if (!part) throw noSuch('Part');
  return part;
}

function readPart(call: Call, before: Part): Part {
  const body = jsonOf(call);
  const name = textOr(body.name, before.name);
  if (name === '') throw new Refused(400, { name: [required] });
  return {
    pk: before.pk,
    name,
    ipn: textOr(body.IPN, before.ipn),
    description: textOr(body.description, before.description),
    isTrackable: flagOr(body.trackable, before.isTrackable),
    isSalable: flagOr(body.salable, before.isSalable),
    isActive: flagOr(body.active, before.isActive),
    units: textOr(body.units, before.units),
  };
}

const partView = (world: World, part: Part): Json => ({
  ...partDetail(world, part),
  category: null,
  creation_date: null,
  in_stock: [...world.items.values()]
    .filter((item) => item.part === part.pk && isInStock(item))
    .reduce((sum, item) => sum + item.quantity, 0),
});
