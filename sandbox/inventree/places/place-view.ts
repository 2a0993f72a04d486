import type { Json, Place } from '../world/rows.ts';
import { isNewer, type World } from '../world/world.ts';
import { pathString, pathTo, within } from './tree.ts';

/** A location as other rows carry it along. */
export const placeDetail = (world: World, place: Place): Json => ({
  pk: place.pk,
  barcode_hash: '',
  name: place.name,
  level: pathTo(world, place).length - 1,
  description: place.description,
  parent: place.parent,
  pathstring: pathString(world, place),
  owner: null,
  icon: '',
  custom_icon: null,
  structural: place.isStructural,
  external: place.isExternal,
  location_type: null,
  location_type_detail: null,
  ...(isNewer(world) ? {} : { tags: [] }),
});

export function placeView(world: World, place: Place): Json {
  const inside = within(world, place.pk);
  return {
    ...placeDetail(world, place),
    items: [...world.items.values()].filter((item) => item.location !== null && inside.has(item.location)).length,
    sublocations: inside.size - 1,
  };
}

/** What a stock item tells of where it is. */
export const placeBrief = (world: World, pk: number | null): Json | null => {
  const place = pk === null ? undefined : world.places.get(pk);
  return place ? { pk: place.pk, name: place.name, pathstring: pathString(world, place) } : null;
};
