import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { answers, needs, newRoutes, type Routes, refuses, whoAsks } from '#platform/routing.ts';
import { technicianFigures } from './figures.ts';
import { countIncentives, listIncentives } from './incentives.ts';
import { Counted, FigureQuery, IncentivePage, IncentiveQuery, MonthParam, TechnicianFigures } from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['field-work'];

const figures = createRoute({
  ...needs('work_orders:read'),
  method: 'get',
  path: '/kpi/technicians',
  tags,
  summary: 'What each technician did in some days; a technician sees its own figures',
  request: { query: FigureQuery },
  responses: { 200: answers(TechnicianFigures, 'The figures, by name'), ...refuses(...usual) },
});

const count = createRoute({
  ...needs('incentives:write'),
  method: 'post',
  path: '/kpi/incentives/{month}',
  tags,
  summary: 'Count what technicians are paid on top for a month that is over',
  description:
    'Accepted installations × `field_work.incentive_per_install`, each once; where ERPNext is connected and the technician ' +
    'has an `erp_employee`, it becomes an Additional Salary there. Again it counts nobody twice, and sends what was refused.',
  request: { params: MonthParam },
  responses: { 200: answers(Counted, 'What the month came to'), ...refuses(...usual, 'CONFLICT') },
});

const list = createRoute({
  ...needs('incentives:read'),
  method: 'get',
  path: '/kpi/incentives',
  tags,
  summary: 'What was counted, the latest month first',
  request: { query: IncentiveQuery },
  responses: { 200: answers(IncentivePage, 'A page of incentives'), ...refuses(...usual) },
});

/** `kpi` (spec A7). */
export function kpiRoutes({ db, clock }: { readonly db: Database; readonly clock: Clock }): Routes {
  const routes = newRoutes();
  routes.openapi(figures, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => technicianFigures(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(count, async (c) => {
    const who = whoAsks(c);
    const { month } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => countIncentives(tx, who, month, clock())), 200);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listIncentives(tx, who, c.req.valid('query'))), 200);
  });
  return routes;
}
