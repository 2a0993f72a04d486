import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses } from '#platform/routing.ts';
import { listUsage, readUsage, type UsageDeps } from './usage.ts';
import { MonthQuery, Usage, UsagePage, UsageQuery } from './usage-schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const one = createRoute({
  ...needs('tenants:read'),
  method: 'get',
  path: '/tenants/{id}/usage',
  tags: ['tenants'],
  summary: 'What a tenant used in a month',
  description: "A month of the tenant's own calendar. This one and the one before it are counted at once.",
  request: { params: IdParam, query: MonthQuery },
  responses: { 200: answers(Usage, 'What was counted'), ...refuses(...usual, 'NOT_FOUND') },
});

const all = createRoute({
  ...needs('tenants:read'),
  method: 'get',
  path: '/usage',
  tags: ['tenants'],
  summary: 'What every tenant used in a month',
  description: 'As it was last counted, once a day. Numbers of a month that has ended do not change any more.',
  request: { query: UsageQuery },
  responses: { 200: answers(UsagePage, 'A page of counts, by tenant'), ...refuses(...usual) },
});

/** Metering (spec T6): what a platform owner bills its tenants for. */
export function usageRoutes(deps: UsageDeps): Routes {
  const routes = newRoutes();
  routes.openapi(one, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await readUsage(deps, c.get('caller'), id, c.req.valid('query').month), 200);
  });
  routes.openapi(all, async (c) => c.json(await listUsage(deps, c.get('caller'), c.req.valid('query')), 200));
  return routes;
}
