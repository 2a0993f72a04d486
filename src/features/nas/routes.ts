import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, newRoutes, type Routes, refuses, takes } from '#platform/routing.ts';
import { Nas, NasChange, NasPage, NasQuery, NewNas } from './schema.ts';
import { addNas, changeNas, findNas, type NasDeps } from './verbs.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const add = createRoute({
  method: 'post',
  path: '/nas',
  tags: ['nas'],
  summary: 'Add a NAS',
  description: 'FreeRADIUS reads it without a restart. The secret is never returned.',
  request: { body: takes(NewNas) },
  responses: { 201: answers(Nas, 'Added'), ...refuses(...usual, 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE') },
});

const list = createRoute({
  method: 'get',
  path: '/nas',
  tags: ['nas'],
  summary: 'List the NAS, and whether they answer',
  request: { query: NasQuery },
  responses: { 200: answers(NasPage, 'A page of NAS'), ...refuses(...usual) },
});

const change = createRoute({
  method: 'patch',
  path: '/nas/{id}',
  tags: ['nas'],
  summary: 'Change a NAS',
  description: 'Its address stays: another address is another NAS.',
  request: { params: IdParam, body: takes(NasChange) },
  responses: {
    200: answers(Nas, 'Changed'),
    ...refuses(...usual, 'NOT_FOUND', 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE'),
  },
});

/** The routers that ask RADIUS, and that Disconnect is sent to (spec R7, R8). */
export function nasRoutes(deps: NasDeps): Routes {
  const routes = newRoutes();
  routes.openapi(add, async (c) =>
    c.json(await addNas(deps, c.get('caller'), c.req.valid('json'), c.get('correlationId')), 201),
  );
  routes.openapi(list, async (c) => c.json(await findNas(deps, c.get('caller'), c.req.valid('query')), 200));
  routes.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    const nas = await changeNas(deps, c.get('caller'), id, c.req.valid('json'), c.get('correlationId'));
    return c.json(nas, 200);
  });
  return routes;
}
