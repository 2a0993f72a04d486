import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from './covers.ts';
import { Geometry } from './geometry.ts';

const degree = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const earthM = 6_371_008.8;

const box = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

describe('a coverage area', () => {
  it('C8: a polygon covers what lies in it, and nothing in its holes or beyond it', () => {
    const ring = Geometry.parse({
      type: 'Polygon',
      coordinates: [box(107, -7, 108, -6), box(107.4, -6.6, 107.6, -6.4)],
    });
    fc.assert(
      fc.property(degree(106, 109), degree(-8, -5), (longitude, latitude) => {
        const inside = longitude > 107 && longitude < 108 && latitude > -7 && latitude < -6;
        const inHole = longitude > 107.4 && longitude < 107.6 && latitude > -6.6 && latitude < -6.4;
        expect(covers({ geometry: ring, radiusM: null }, { latitude, longitude })).toBe(inside && !inHole);
      }),
      { numRuns: 1_000 },
    );
  });

  it('C8: of several polygons each counts', () => {
    const both = Geometry.parse({ type: 'MultiPolygon', coordinates: [[box(0, 0, 1, 1)], [box(5, 5, 6, 6)]] });
    const at = (longitude: number, latitude: number) =>
      covers({ geometry: both, radiusM: null }, { latitude, longitude });
    expect([at(0.5, 0.5), at(5.5, 5.5), at(3, 3)]).toEqual([true, true, false]);
  });

  it('C8: a point covers what is no further than its radius in metres', () => {
    const metres = fc.integer({ min: 1, max: 50_000 });
    fc.assert(
      fc.property(degree(-179, 179), degree(-80, 80), metres, metres, (longitude, latitude, radiusM, away) => {
        fc.pre(Math.abs(radiusM - away) > 1);
        const geometry = Geometry.parse({ type: 'Point', coordinates: [longitude, latitude] });
        const north = latitude + (away / earthM) * (180 / Math.PI);
        expect(covers({ geometry, radiusM }, { latitude: north, longitude })).toBe(away <= radiusM);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['an open ring', { type: 'Polygon', coordinates: [box(0, 0, 1, 1).slice(0, 4)] }],
    [
      'a ring of two corners',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [0, 0],
            [0, 0],
          ],
        ],
      },
    ],
    ['no ring', { type: 'Polygon', coordinates: [] }],
    ['a latitude beyond the pole', { type: 'Point', coordinates: [0, 91] }],
    ['a longitude beyond the date line', { type: 'Point', coordinates: [181, 0] }],
    ['text for a number', { type: 'Point', coordinates: ['0', '0'] }],
    [
      'a line',
      {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
    [
      'a million corners',
      { type: 'Polygon', coordinates: [[...Array.from({ length: 6_000 }, (_, i) => [i / 100, 0]), [0, 0]]] },
    ],
  ])('C8: %s is no geometry', (_what, shape) => {
    expect(Geometry.safeParse(shape).success).toBe(false);
  });
});
