import type { Place } from '../world/rows.ts';
import type { World } from '../world/world.ts';

/** From the top down to the place itself. */
export function pathTo(world: World, place: Place): readonly Place[] {
  const above = place.parent === null ? undefined : world.places.get(place.parent);
  return above ? [...pathTo(world, above), place] : [place];
}

export const pathString = (world: World, place: Place): string =>
  pathTo(world, place)
    .map((one) => one.name)
    .join('/');

/** The place and everything below it. */
export const within = (world: World, pk: number): ReadonlySet<number> =>
  new Set(
    [...world.places.values()].filter((one) => pathTo(world, one).some((up) => up.pk === pk)).map((one) => one.pk),
  );
