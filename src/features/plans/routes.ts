import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import { answers, IdParam, needs, newRoutes, pageOf, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { NewPlan, Plan, PlanChange, PlanQuery } from './schema.ts';
import { addPlan, changePlan, getPlan, listPlans, removePlan } from './verbs.ts';

export type PlansDeps = { readonly db: Database };

const tags = ['Plans'];
const path = '/service-plans';
const onePath = '/service-plans/{id}';

const create = createRoute({
  ...needs('plans:write'),
  method: 'post',
  path,
  tags,
  summary: 'Add a service plan',
  request: { body: takes(NewPlan) },
  responses: {
    201: answers(Plan, 'The plan'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'DUPLICATE_ENTRY'),
  },
});

const list = createRoute({
  ...needs('plans:read'),
  method: 'get',
  path,
  tags,
  summary: 'List service plans, by default those on sale',
  request: { query: PlanQuery },
  responses: {
    200: answers(pageOf(Plan), 'A page of plans'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'),
  },
});

const get = createRoute({
  ...needs('plans:read'),
  method: 'get',
  path: onePath,
  tags,
  summary: 'One service plan',
  request: { params: IdParam },
  responses: {
    200: answers(Plan, 'The plan'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'),
  },
});

const change = createRoute({
  ...needs('plans:write'),
  method: 'patch',
  path: onePath,
  tags,
  summary: 'Change a service plan; running subscriptions keep their price',
  description:
    'Speed, burst, priority, address pool and max_connections reach RADIUS at once; the queue, DNS and quota fields are kept for the enforcers that know them.',
  request: { params: IdParam, body: takes(PlanChange) },
  responses: {
    200: answers(Plan, 'The plan as it is now'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'DUPLICATE_ENTRY'),
  },
});

const remove = createRoute({
  ...needs('plans:write'),
  method: 'delete',
  path: onePath,
  tags,
  summary: 'Remove a service plan that nobody is on',
  request: { params: IdParam },
  responses: {
    204: { description: 'It is gone' },
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'),
  },
});

/** `service-plans` (spec C1, C2). */
export function plansRoutes({ db }: PlansDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => addPlan(tx, who, c.req.valid('json'))), 201);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listPlans(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(get, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getPlan(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => changePlan(tx, who, id, c.req.valid('json'))), 200);
  });
  routes.openapi(remove, async (c) => {
    const who = whoAsks(c);
    await db.tenant(who.tenantId, (tx) => removePlan(tx, who, c.req.valid('param').id));
    return c.body(null, 204);
  });
  return routes;
}
