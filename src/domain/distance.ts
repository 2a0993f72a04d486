/** Degrees. */
export type Position = { readonly latitude: number; readonly longitude: number };

const earthRadiusM = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two positions on a sphere (the haversine formula): within half a percent of the Earth's own shape. */
export function distanceM(a: Position, b: Position): number {
  const [latA, latB] = [radians(a.latitude), radians(b.latitude)];
  const north = Math.sin((latB - latA) / 2) ** 2;
  const east = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const half = Math.min(1, north + Math.cos(latA) * Math.cos(latB) * east);
  return 2 * earthRadiusM * Math.asin(Math.sqrt(half));
}
