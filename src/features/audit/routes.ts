import { createRoute } from '@hono/zod-openapi';
import { answers, needs, newRoutes, type Routes, refuses } from '#platform/routing.ts';
import { AuditPage, AuditQuery } from './schema.ts';
import { type AuditDeps, findEntries } from './verbs.ts';

const list = createRoute({
  ...needs('audit:read'),
  method: 'get',
  path: '/audit-logs',
  tags: ['audit'],
  summary: 'List who did what, the newest first',
  description:
    'One entry per create, update, delete and reveal by a person or a key. The platform owner sees the acts of platform owners.',
  request: { query: AuditQuery },
  responses: {
    200: answers(AuditPage, 'A page of entries'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'),
  },
});

export function auditRoutes(deps: AuditDeps): Routes {
  const routes = newRoutes();
  routes.openapi(list, async (c) => c.json(await findEntries(deps, c.get('caller'), c.req.valid('query')), 200));
  return routes;
}
