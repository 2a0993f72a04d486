import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { ApiKeyPage, ApiKeyQuery, MadeApiKey, NewApiKey } from './key-schema.ts';
import { endKey, findKeys, makeKey } from './key-verbs.ts';

const tags = ['api-keys'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const add = createRoute({
  ...needs('api_keys:write'),
  method: 'post',
  path: '/api-keys',
  tags,
  summary: 'Make a key for a machine',
  description: 'Its scopes are permissions, and no more than its maker has. It is sent as `X-API-Key`.',
  request: { body: takes(NewApiKey) },
  responses: { 201: answers(MadeApiKey, 'Made'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

const list = createRoute({
  ...needs('api_keys:read'),
  method: 'get',
  path: '/api-keys',
  tags,
  summary: 'The keys of the tenant, and when and from where each was used last',
  request: { query: ApiKeyQuery },
  responses: { 200: answers(ApiKeyPage, 'A page of keys'), ...refuses(...usual) },
});

const revoke = createRoute({
  ...needs('api_keys:write'),
  method: 'delete',
  path: '/api-keys/{id}',
  tags,
  summary: 'Revoke a key',
  request: { params: IdParam },
  responses: { 204: { description: 'Revoked' }, ...refuses(...usual, 'NOT_FOUND') },
});

/** API keys (spec I4). */
export function apiKeyRoutes(deps: Pick<IdentityDeps, 'db' | 'clock'>): Routes {
  const routes = newRoutes();
  routes.openapi(add, async (c) => c.json(await makeKey(deps, whoAsks(c), c.req.valid('json')), 201));
  routes.openapi(list, async (c) => c.json(await findKeys(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(revoke, async (c) => {
    await endKey(deps, whoAsks(c), c.req.valid('param').id);
    return c.body(null, 204);
  });
  return routes;
}
