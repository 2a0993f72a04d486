import { z } from '@hono/zod-openapi';

/** Corners that one area may have: a village's border has some hundred. */
const positionsMax = 5_000;

/** GeoJSON's order: longitude, then latitude (RFC 7946 §3.1.1). */
const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
type Position = z.infer<typeof Position>;

const isClosed = (ring: readonly Position[]): boolean => {
  const [first, last] = [ring.at(0), ring.at(-1)];
  return first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1];
};
const hasArea = (ring: readonly Position[]): boolean =>
  new Set(ring.map(([longitude, latitude]) => `${longitude} ${latitude}`)).size >= 3;

const Ring = z
  .array(Position)
  .min(4)
  .max(positionsMax)
  .refine(isClosed, 'must end where it begins')
  .refine(hasArea, 'must have three corners at least');
const Rings = z.array(Ring).min(1).max(100);

const Point = z.object({ type: z.literal('Point'), coordinates: Position }).openapi('Point');
const Polygon = z.object({ type: z.literal('Polygon'), coordinates: Rings }).openapi('Polygon');
const MultiPolygon = z
  .object({ type: z.literal('MultiPolygon'), coordinates: z.array(Rings).min(1).max(200) })
  .openapi('MultiPolygon');

const cornersOf = (shape: z.infer<typeof Polygon> | z.infer<typeof MultiPolygon>): number =>
  shape.type === 'Polygon' ? shape.coordinates.flat().length : shape.coordinates.flat(2).length;

/** A GeoJSON geometry that can be covered: a point goes with a radius. */
export const Geometry = z
  .discriminatedUnion('type', [Point, Polygon, MultiPolygon])
  .refine((shape) => shape.type === 'Point' || cornersOf(shape) <= positionsMax, {
    message: `has more than ${positionsMax} corners`,
  })
  .openapi({ example: { type: 'Point', coordinates: [107.3, -6.3] } });
export type Geometry = z.infer<typeof Geometry>;
