import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { distance } from '@turf/distance';
import type { Geometry } from './geometry.ts';

/** Degrees. */
export type Place = { readonly latitude: number; readonly longitude: number };
export type Area = { readonly geometry: Geometry; readonly radiusM: number | null };

/**
 * Whether a place lies in an area, its border included: inside a polygon and not in one of its holes, or no further from
 * a point than its radius in metres (spec C8).
 */
export function covers({ geometry, radiusM }: Area, { latitude, longitude }: Place): boolean {
  const place = [longitude, latitude];
  if (geometry.type !== 'Point') return booleanPointInPolygon(place, geometry);
  return radiusM !== null && distance(geometry.coordinates, place, { units: 'meters' }) <= radiusM;
}
