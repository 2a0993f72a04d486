import { type Call, created, gone, type Handler, jsonOf, ok } from '../http/call.ts';
import { textOr } from '../http/fields.ts';
import { flag, listed, matches } from '../http/page.ts';
import { invalidPk, noSuch, Refused, required } from '../http/refused.ts';
import type { Place } from '../world/rows.ts';
import type { World } from '../world/world.ts';
import { placeView } from './place-view.ts';
import { within } from './tree.ts';

export const listPlaces: Handler = (world, call) => {
  const named = call.query.get('name');
  const structural = flag(call, 'structural');
  const below = placesBelow(world, call);
  const rows = [...world.places.values()].filter(
    (place) =>
      (named === null || place.name === named) &&
      (structural === null || place.isStructural === structural) &&
      (below === null || below.has(place.pk)) &&
      matches(call, [place.name, place.description]),
  );
  return listed(call, rows, (place) => placeView(world, place));
};

/** `parent` names the direct children, with `cascade` all below; an unknown one filters nothing. */
function placesBelow(world: World, call: Call): ReadonlySet<number> | null {
  const parent = call.query.get('parent');
  if (parent === null) return null;
  const pk = parent === 'null' ? null : Number(parent);
  if (pk !== null && !world.places.has(pk)) return null;
  const children = [...world.places.values()].filter((place) => place.parent === pk).map((place) => place.pk);
  if (flag(call, 'cascade') !== true) return new Set(children);
  return new Set(children.flatMap((child) => [...within(world, child)]));
}

export const showPlace: Handler = (world, _call, _user, pk) => ok(placeView(world, placeOf(world, pk)));

export const createPlace: Handler = (world, call) => {
  const place = readPlace(world, call, {
    pk: 0,
    name: '',
    description: '',
    parent: null,
    isStructural: false,
    isExternal: false,
  });
  return {
    write: () => {
      const made = { ...place, pk: world.next('place') };
      world.places.set(made.pk, made);
      return () => created(placeView(world, made));
    },
  };
};

export const changePlace: Handler = (world, call, _user, pk) => {
  const place = readPlace(world, call, placeOf(world, pk));
  return {
    write: () => {
      world.places.set(pk, place);
      return () => ok(placeView(world, place));
    },
  };
};

/** What lay there lies in the parent afterwards, even if that one is structural. */
export const deletePlace: Handler = (world, _call, _user, pk) => {
  const { parent } = placeOf(world, pk);
  return {
    write: () => {
      for (const item of world.items.values()) {
        if (item.location === pk) world.items.set(item.pk, { ...item, location: parent });
      }
      for (const place of world.places.values()) {
        if (place.parent === pk) world.places.set(place.pk, { ...place, parent });
      }
      world.places.delete(pk);
      return () => gone;
    },
  };
};

function placeOf(world: World, pk: number): Place {
  const place = world.places.get(pk);
  if (!place) throw noSuch('StockLocation');
  return place;
}

function readPlace(world: World, call: Call, before: Place): Place {
  const body = jsonOf(call);
  const name = textOr(body.name, before.name);
  if (name === '') throw new Refused(400, { name: ['name' in body ? 'This field may not be blank.' : required] });
  const parent = body.parent === undefined ? before.parent : body.parent === null ? null : Number(body.parent);
  if (parent !== null && !world.places.has(parent)) throw new Refused(400, { parent: [invalidPk(body.parent)] });
  for (const other of world.places.values()) {
    if (other.pk !== before.pk && other.name === name && other.parent === parent) {
      throw new Refused(400, { non_field_errors: ['Duplicate names cannot exist under the same parent'] });
    }
  }
  return {
    pk: before.pk,
    name,
    parent,
    description: textOr(body.description, before.description),
    isStructural: body.structural === undefined ? before.isStructural : body.structural === true,
    isExternal: body.external === undefined ? before.isExternal : body.external === true,
  };
}
