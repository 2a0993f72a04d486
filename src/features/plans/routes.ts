import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Database } from '#db/database.ts';
import {
  answers,
  IdParam,
  newRoutes,
  pageOf,
  type RouteEnv,
  type Routes,
  refuses,
  requireRole,
  takes,
  tenantOf,
} from '#platform/routing.ts';
import { NewPlan, Plan, PlanChange, PlanQuery } from './schema.ts';
import { type Asked, addPlan, changePlan, getPlan, listPlans, removePlan } from './verbs.ts';

export type PlansDeps = { readonly db: Database };

const tags = ['Plans'];
const path = '/service-plans';
const onePath = '/service-plans/{id}';

const create = createRoute({
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
  method: 'patch',
  path: onePath,
  tags,
  summary: 'Change a service plan; running subscriptions keep their price',
  request: { params: IdParam, body: takes(PlanChange) },
  responses: {
    200: answers(Plan, 'The plan as it is now'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'DUPLICATE_ENTRY'),
  },
});

const remove = createRoute({
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

/** Who asks, once it is clear that it may. */
function askedBy(c: Context<RouteEnv>): Asked {
  const caller = c.get('caller');
  requireRole(caller, 'admin');
  return { tenantId: tenantOf(caller), correlationId: c.get('correlationId') };
}

/** `service-plans` (spec C1, C2). */
export function plansRoutes({ db }: PlansDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => {
    const asked = askedBy(c);
    return c.json(await db.tenant(asked.tenantId, (tx) => addPlan(tx, asked, c.req.valid('json'))), 201);
  });
  routes.openapi(list, async (c) => {
    const { tenantId } = askedBy(c);
    return c.json(await db.tenant(tenantId, (tx) => listPlans(tx, tenantId, c.req.valid('query'))), 200);
  });
  routes.openapi(get, async (c) => {
    const { tenantId } = askedBy(c);
    return c.json(await db.tenant(tenantId, (tx) => getPlan(tx, tenantId, c.req.valid('param').id)), 200);
  });
  routes.openapi(change, async (c) => {
    const asked = askedBy(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(asked.tenantId, (tx) => changePlan(tx, asked, id, c.req.valid('json'))), 200);
  });
  routes.openapi(remove, async (c) => {
    const { tenantId } = askedBy(c);
    await db.tenant(tenantId, (tx) => removePlan(tx, tenantId, c.req.valid('param').id));
    return c.body(null, 204);
  });
  return routes;
}
