import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses } from '#platform/routing.ts';
import { askingOf } from './asking.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { endOtherSessions, endSession, listSessions } from './open-sessions.ts';
import { SessionPage, SessionQuery } from './schema.ts';

const own = { ...needs('self:write'), tags: ['auth'] };
const usual = ['UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const list = createRoute({
  ...own,
  method: 'get',
  path: '/auth/sessions',
  summary: 'Where I am logged in',
  request: { query: SessionQuery },
  responses: {
    200: answers(SessionPage, 'My sessions, the last renewed first'),
    ...refuses(...usual, 'VALIDATION_ERROR'),
  },
});

const endOthers = createRoute({
  ...own,
  method: 'delete',
  path: '/auth/sessions',
  summary: 'End all my other sessions',
  responses: { 204: { description: 'Ended' }, ...refuses(...usual) },
});

const end = createRoute({
  ...own,
  method: 'delete',
  path: '/auth/sessions/{id}',
  summary: 'End one of my sessions',
  description: 'Its refresh token is refused at once, its access token within seconds.',
  request: { params: IdParam },
  responses: { 204: { description: 'Ended' }, ...refuses(...usual, 'VALIDATION_ERROR', 'NOT_FOUND') },
});

/** A user's own sessions. */
export function sessionRoutes(deps: IdentityDeps): Routes {
  const routes = newRoutes();
  routes.openapi(list, async (c) => c.json(await listSessions(deps, askingOf(c), c.req.valid('query')), 200));
  routes.openapi(endOthers, async (c) => {
    await endOtherSessions(deps, askingOf(c));
    return c.body(null, 204);
  });
  routes.openapi(end, async (c) => {
    await endSession(deps, askingOf(c), c.req.valid('param').id);
    return c.body(null, 204);
  });
  return routes;
}
