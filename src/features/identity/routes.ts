import { createRoute } from '@hono/zod-openapi';
import { answers, needs, newRoutes, type Routes, refuses, takes } from '#platform/routing.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { askingOf, visitOf } from './asking.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { ownAccountRoutes } from './own-account-routes.ts';
import { askReset, confirmReset } from './password-verbs.ts';
import { Login, NewUser, Refresh, Reset, ResetRequest, Session, User } from './schema.ts';
import { sessionRoutes } from './session-routes.ts';
import { peopleRoutes } from './user-routes.ts';
import { logIn, logOut, refresh, register } from './verbs.ts';

const open = { method: 'post' as const, tags: ['auth'], security: [] };
const usual = ['VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const login = createRoute({
  ...open,
  path: '/auth/login',
  summary: 'Log in',
  description: 'Wrong tries are slowed down for the address and the account; 429 says when to try again.',
  request: { body: takes(Login) },
  responses: { 200: answers(Session, 'Logged in'), ...refuses(...usual, 'UNAUTHORIZED', 'FORBIDDEN') },
});

const renew = createRoute({
  ...open,
  path: '/auth/refresh',
  summary: 'A new pair of tokens for a refresh token, which is used up',
  description: 'A token that is used twice ends all that came from the same login.',
  request: { body: takes(Refresh) },
  responses: { 200: answers(Session, 'A new pair'), ...refuses(...usual, 'UNAUTHORIZED', 'FORBIDDEN') },
});

const logout = createRoute({
  ...open,
  path: '/auth/logout',
  summary: 'Log out: the refresh token and its family end',
  request: { body: takes(Refresh) },
  responses: { 204: { description: 'Logged out' }, ...refuses(...usual) },
});

const forgotten = createRoute({
  ...open,
  path: '/auth/password-reset',
  summary: 'Ask for a message with which to set another password',
  description: 'The answer is the same whether there is such a user or not. A message is good for an hour, and once.',
  request: { body: takes(ResetRequest) },
  responses: { 202: { description: 'If there is such a user, the message is on its way' }, ...refuses(...usual) },
});

const reset = createRoute({
  ...open,
  path: '/auth/password-reset/confirm',
  summary: 'Set another password with the token of the message; all sessions end',
  request: { body: takes(Reset) },
  responses: { 204: { description: 'Set' }, ...refuses(...usual, 'UNAUTHORIZED') },
});

const create = createRoute({
  ...needs('users:write'),
  method: 'post',
  path: '/auth/register',
  tags: ['auth'],
  summary: 'Create a user',
  description: "A platform owner creates a tenant's admin, an admin the users of its own tenant.",
  request: { body: takes(NewUser) },
  responses: {
    201: answers(User, 'Created'),
    ...refuses(...usual, 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'DUPLICATE_ENTRY'),
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
  routes.openapi(login, async (c) => c.json(await logIn(deps, visitOf(c), c.req.valid('json')), 200));
  routes.openapi(renew, async (c) => c.json(await refresh(deps, visitOf(c), c.req.valid('json').refresh_token), 200));
  routes.openapi(logout, async (c) => {
    await logOut(deps, visitOf(c), c.req.valid('json').refresh_token);
    return c.body(null, 204);
  });
  routes.openapi(forgotten, async (c) => {
    await askReset(deps, visitOf(c), c.req.valid('json'));
    return c.body(null, 202);
  });
  routes.openapi(reset, async (c) => {
    await confirmReset(deps, visitOf(c), c.req.valid('json'));
    return c.body(null, 204);
  });
  return routes;
}

/** Users, their own accounts, and the tenant's API keys. */
export function userRoutes(deps: IdentityDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => c.json(await register(deps, askingOf(c), c.req.valid('json')), 201));
  const rooms = [ownAccountRoutes(deps), sessionRoutes(deps), peopleRoutes(deps), apiKeyRoutes(deps)];
  for (const room of rooms) routes.route('/', room);
  return routes;
}
