import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { revealScript, type ScriptDeps } from './routeros.ts';
import { Nas, NasChange, NasPage, NasQuery, NewNas, RouterosScript, ScriptWanted } from './schema.ts';
import { addNas, changeNas, findNas, getNas, type NasDeps, removeNas } from './verbs.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const add = createRoute({
  ...needs('nas:write'),
  method: 'post',
  path: '/nas',
  tags: ['nas'],
  summary: 'Add a NAS',
  description: 'FreeRADIUS reads it without a restart. The secret is never returned.',
  request: { body: takes(NewNas) },
  responses: { 201: answers(Nas, 'Added'), ...refuses(...usual, 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE') },
});

const list = createRoute({
  ...needs('nas:read'),
  method: 'get',
  path: '/nas',
  tags: ['nas'],
  summary: 'List the NAS, and whether they answer',
  request: { query: NasQuery },
  responses: { 200: answers(NasPage, 'A page of NAS'), ...refuses(...usual) },
});

const get = createRoute({
  ...needs('nas:read'),
  method: 'get',
  path: '/nas/{id}',
  tags: ['nas'],
  summary: 'One NAS, and whether it answers',
  request: { params: IdParam },
  responses: { 200: answers(Nas, 'The NAS'), ...refuses(...usual, 'NOT_FOUND') },
});

const change = createRoute({
  ...needs('nas:write'),
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

const remove = createRoute({
  ...needs('nas:write'),
  method: 'delete',
  path: '/nas/{id}',
  tags: ['nas'],
  summary: 'Remove a NAS',
  description: 'Refused while subscriptions name it. FreeRADIUS goes on answering it for up to a minute.',
  request: { params: IdParam },
  responses: { 204: { description: 'Removed' }, ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

const script = createRoute({
  ...needs('nas:write'),
  method: 'post',
  path: '/nas/{id}/routeros-script',
  tags: ['nas'],
  summary: 'The script that a MikroTik router needs',
  description:
    'It makes the router ask RADIUS and keep isolated subscribers in the walled garden, on RouterOS 6.43 and later and 7. ' +
    'Running it again changes nothing. It shows the RADIUS secret, which the audit log notes.',
  request: { params: IdParam, body: takes(ScriptWanted) },
  responses: {
    200: answers(RouterosScript, 'The script'),
    ...refuses(...usual, 'NOT_FOUND', 'PAYLOAD_TOO_LARGE'),
  },
});

/** The routers that ask RADIUS, and that Disconnect is sent to (spec R7, R8). */
export function nasRoutes(deps: NasDeps & ScriptDeps): Routes {
  const routes = newRoutes();
  routes.openapi(add, async (c) => c.json(await addNas(deps, whoAsks(c), c.req.valid('json')), 201));
  routes.openapi(list, async (c) => c.json(await findNas(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(get, async (c) => c.json(await getNas(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await changeNas(deps, whoAsks(c), id, c.req.valid('json')), 200);
  });
  routes.openapi(remove, async (c) => {
    await removeNas(deps, whoAsks(c), c.req.valid('param').id);
    return c.body(null, 204);
  });
  routes.openapi(script, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await revealScript(deps, whoAsks(c), id, c.req.valid('json')), 200);
  });
  return routes;
}
