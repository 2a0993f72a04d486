import { createRoute } from '@hono/zod-openapi';
import { answers, needs, newRoutes, type Routes, refuses } from '#platform/routing.ts';
import { SchedulePage, ScheduleQuery } from './schema.ts';
import { findSchedules, type SchedulesDeps } from './verbs.ts';

const list = createRoute({
  ...needs('tenants:read'),
  method: 'get',
  path: '/schedules',
  tags: ['schedules'],
  summary: 'List what is done by the clock, failing jobs first',
  description: 'What was missed while the hub was down is caught up with once; a job that failed is tried again.',
  request: { query: ScheduleQuery },
  responses: {
    200: answers(SchedulePage, 'A page of schedules'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'),
  },
});

/** The platform owner's view of the scheduler. */
export function schedulesRoutes(deps: SchedulesDeps): Routes {
  const routes = newRoutes();
  routes.openapi(list, async (c) => c.json(await findSchedules(deps, c.get('caller'), c.req.valid('query')), 200));
  return routes;
}
