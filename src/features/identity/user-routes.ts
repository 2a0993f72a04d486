import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { User, UserChange, UserPage, UserQuery } from './schema.ts';
import { changeUser, findUsers, getUser } from './user-verbs.ts';

const tags = ['users'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const list = createRoute({
  ...needs('users:read'),
  method: 'get',
  path: '/users',
  tags,
  summary: 'The users of the tenant',
  request: { query: UserQuery },
  responses: { 200: answers(UserPage, 'A page of users'), ...refuses(...usual) },
});

const get = createRoute({
  ...needs('users:read'),
  method: 'get',
  path: '/users/{id}',
  tags,
  summary: 'One user',
  request: { params: IdParam },
  responses: { 200: answers(User, 'The user'), ...refuses(...usual, 'NOT_FOUND') },
});

const change = createRoute({
  ...needs('users:write'),
  method: 'patch',
  path: '/users/{id}',
  tags,
  summary: 'Change a user',
  description: 'Another role, a deactivation or a removed second factor logs the user out everywhere.',
  request: { params: IdParam, body: takes(UserChange) },
  responses: {
    200: answers(User, 'Changed'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE'),
  },
});

/** The users of a tenant (spec I1, I3). */
export function peopleRoutes(deps: Pick<IdentityDeps, 'db'>): Routes {
  const routes = newRoutes();
  routes.openapi(list, async (c) => c.json(await findUsers(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(get, async (c) => c.json(await getUser(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(change, async (c) => {
    const user = await changeUser(deps, whoAsks(c), c.req.valid('param').id, c.req.valid('json'));
    return c.json(user, 200);
  });
  return routes;
}
