import { distanceM, type Position } from '#domain/distance.ts';

type Place = Position & { readonly name: string; readonly radius_m: number };

/** How a position lies to the tenant's places. Outside: further from all of them than their radii. */
export type Nearness = {
  readonly place: string | null;
  readonly distance_m: number | null;
  readonly is_outside: boolean;
};

/** The place that the position lies in, or else the nearest; where the tenant has named none, nobody is outside. */
export function nearestPlace(position: Position, places: readonly Place[]): Nearness {
  const distances = places.map(({ name, radius_m, ...at }) => {
    const distance = distanceM(position, at);
    return { name, distance, beyond: distance - radius_m };
  });
  const [nearest] = distances.toSorted((a, b) => a.beyond - b.beyond);
  if (!nearest) return { place: null, distance_m: null, is_outside: false };
  return { place: nearest.name, distance_m: Math.round(nearest.distance), is_outside: nearest.beyond > 0 };
}
