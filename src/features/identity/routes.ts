import { createRoute } from '@hono/zod-openapi';
import { answers, newRoutes, type Routes, refuses, takes } from '#platform/routing.ts';
import { Login, NewUser, Refresh, Session, User } from './schema.ts';
import { type IdentityDeps, logIn, logOut, refresh, register } from './verbs.ts';

const open = { method: 'post' as const, tags: ['auth'], security: [] };

const login = createRoute({
  ...open,
  path: '/auth/login',
  summary: 'Log in',
  request: { body: takes(Login) },
  responses: {
    200: answers(Session, 'Logged in'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE', 'INTERNAL_ERROR', 'UNAVAILABLE'),
  },
});

const renew = createRoute({
  ...open,
  path: '/auth/refresh',
  summary: 'A new pair of tokens for a refresh token, which is used up',
  request: { body: takes(Refresh) },
  responses: {
    200: answers(Session, 'A new pair'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE', 'INTERNAL_ERROR', 'UNAVAILABLE'),
  },
});

const logout = createRoute({
  ...open,
  path: '/auth/logout',
  summary: 'Log out: the refresh token and its family end',
  request: { body: takes(Refresh) },
  responses: {
    204: { description: 'Logged out' },
    ...refuses('VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE', 'INTERNAL_ERROR', 'UNAVAILABLE'),
  },
});

const create = createRoute({
  method: 'post',
  path: '/auth/register',
  tags: ['auth'],
  summary: 'Create a user',
  request: { body: takes(NewUser) },
  responses: {
    201: answers(User, 'Created'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'DUPLICATE_ENTRY'),
    ...refuses('PAYLOAD_TOO_LARGE', 'INTERNAL_ERROR', 'UNAVAILABLE'),
  },
});

/** Logging in, staying so, logging out: the routes that need no access token. */
export function loginRoutes(deps: IdentityDeps): Routes {
  const routes = newRoutes();
  // No cache on the way may keep a token.
  routes.use('/auth/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  routes.openapi(login, async (c) => c.json(await logIn(deps, c.req.valid('json')), 200));
  routes.openapi(renew, async (c) => c.json(await refresh(deps, c.req.valid('json').refresh_token), 200));
  routes.openapi(logout, async (c) => {
    await logOut(deps, c.req.valid('json').refresh_token);
    return c.body(null, 204);
  });
  return routes;
}

export function userRoutes(deps: IdentityDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => c.json(await register(deps, c.get('caller'), c.req.valid('json')), 201));
  return routes;
}
