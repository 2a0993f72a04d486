import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { addArea, changeArea, checkCoverage, coverageMap, getArea, listAreas, removeArea } from './coverage.ts';
import { Area, AreaChange, AreaPage, AreaQuery, Coverage, CoverageMap, NewArea, PlaceQuery } from './schema.ts';

const tags = ['Coverage'];
const path = '/coverage/areas';
const one = '/coverage/areas/{id}';
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;

const create = createRoute({
  ...needs('coverage:write'),
  method: 'post',
  path,
  tags,
  summary: 'Add an area that can be served',
  description: 'GeoJSON: Polygon or MultiPolygon with closed rings, or Point with radius_m. Longitude comes first.',
  request: { body: takes(NewArea) },
  responses: { 201: answers(Area, 'The area'), ...refuses(...usual, 'DUPLICATE_ENTRY') },
});

const list = createRoute({
  ...needs('coverage:read'),
  method: 'get',
  path,
  tags,
  summary: 'List coverage areas',
  request: { query: AreaQuery },
  responses: { 200: answers(AreaPage, 'A page of areas'), ...refuses(...usual) },
});

const get = createRoute({
  ...needs('coverage:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'One coverage area',
  request: { params: IdParam },
  responses: { 200: answers(Area, 'The area'), ...refuses(...usual, 'NOT_FOUND') },
});

const change = createRoute({
  ...needs('coverage:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'Change a coverage area',
  request: { params: IdParam, body: takes(AreaChange) },
  responses: { 200: answers(Area, 'The area as it is now'), ...refuses(...usual, 'NOT_FOUND', 'DUPLICATE_ENTRY') },
});

const remove = createRoute({
  ...needs('coverage:write'),
  method: 'delete',
  path: one,
  tags,
  summary: 'Remove a coverage area; leads that it covered stay covered',
  request: { params: IdParam },
  responses: { 204: { description: 'It is gone' }, ...refuses(...usual, 'NOT_FOUND') },
});

const map = createRoute({
  ...needs('coverage:read'),
  method: 'get',
  path: '/coverage/map',
  tags,
  summary: 'The active areas as GeoJSON',
  responses: { 200: answers(CoverageMap, 'A FeatureCollection'), ...refuses('UNAUTHORIZED', 'FORBIDDEN') },
});

const check = createRoute({
  ...needs('coverage:read'),
  method: 'get',
  path: '/coverage/check',
  tags,
  summary: 'Whether a place can be served, and by which areas',
  request: { query: PlaceQuery },
  responses: { 200: answers(Coverage, 'The answer'), ...refuses(...usual) },
});

/** `coverage` (spec C8). */
export function coverageRoutes({ db }: { readonly db: Database }): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => addArea(tx, who, c.req.valid('json'))), 201);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listAreas(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(get, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getArea(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => changeArea(tx, who, id, c.req.valid('json'))), 200);
  });
  routes.openapi(remove, async (c) => {
    const who = whoAsks(c);
    await db.tenant(who.tenantId, (tx) => removeArea(tx, who, c.req.valid('param').id));
    return c.body(null, 204);
  });
  routes.openapi(map, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => coverageMap(tx, who)), 200);
  });
  routes.openapi(check, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => checkCoverage(tx, who, c.req.valid('query'))), 200);
  });
  return routes;
}
