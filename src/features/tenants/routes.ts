import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Who } from '#platform/caller.ts';
import { answers, IdParam, needs, newRoutes, type RouteEnv, type Routes, refuses, takes } from '#platform/routing.ts';
import { deleteTenant } from './deletion.ts';
import { Confirmation, NewTenant, Tenant, TenantChange, TenantPage, TenantQuery } from './schema.ts';
import { type Asking, changeTenant, createTenant, findTenants, readTenant, type TenantsDeps } from './verbs.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['tenants'];

const create = createRoute({
  ...needs('tenants:write'),
  method: 'post',
  path: '/tenants',
  tags,
  summary: 'Create a tenant',
  description: "The subdomain never changes, and a deleted tenant's is not given out again.",
  request: { body: takes(NewTenant) },
  responses: { 201: answers(Tenant, 'Created'), ...refuses(...usual, 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE') },
});

const list = createRoute({
  ...needs('tenants:read'),
  method: 'get',
  path: '/tenants',
  tags,
  summary: 'List the tenants',
  request: { query: TenantQuery },
  responses: { 200: answers(TenantPage, 'A page of tenants'), ...refuses(...usual) },
});

const read = createRoute({
  ...needs('tenants:read'),
  method: 'get',
  path: '/tenants/{id}',
  tags,
  summary: 'Read a tenant',
  request: { params: IdParam },
  responses: { 200: answers(Tenant, 'The tenant'), ...refuses(...usual, 'NOT_FOUND') },
});

const change = createRoute({
  ...needs('tenants:write'),
  method: 'patch',
  path: '/tenants/{id}',
  tags,
  summary: 'Rename, deactivate or activate a tenant',
  description:
    'A deactivated tenant has no login, no webhook and no job, and none of its subscribers is cut off by it.',
  request: { params: IdParam, body: takes(TenantChange) },
  responses: { 200: answers(Tenant, 'Changed'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE') },
});

const remove = createRoute({
  ...needs('tenants:write'),
  method: 'delete',
  path: '/tenants/{id}',
  tags,
  summary: 'Delete a tenant with everything that is its own',
  description:
    'It is inactive at once; its RADIUS rows, jobs, files and rows then go by themselves, and `GET tenants/{id}` says what that waits for. Asking again is harmless: 202 while it lasts, 204 once it is gone.',
  request: { params: IdParam, query: Confirmation },
  responses: {
    202: answers(Tenant, 'It is being deleted'),
    204: { description: 'It is gone' },
    ...refuses(...usual, 'NOT_FOUND'),
  },
});

const asking = (c: Context<RouteEnv>): Asking => ({
  caller: c.get('caller'),
  correlationId: c.get('correlationId'),
  address: c.get('address'),
});

/** What a platform owner does to a tenant belongs to that tenant's trail. */
const whoActsOn = (c: Context<RouteEnv>, tenantId: string): Who => ({ ...asking(c), tenantId });

/** The platform owner's list of tenants (spec T1, T4). */
export function tenantsRoutes(deps: TenantsDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => c.json(await createTenant(deps, asking(c), c.req.valid('json')), 201));
  routes.openapi(list, async (c) => c.json(await findTenants(deps, c.get('caller'), c.req.valid('query')), 200));
  routes.openapi(read, async (c) => c.json(await readTenant(deps, c.get('caller'), c.req.valid('param').id), 200));
  routes.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await changeTenant(deps, whoActsOn(c, id), c.req.valid('json')), 200);
  });
  routes.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    const tenant = await deleteTenant(deps, whoActsOn(c, id), c.req.valid('query').confirm);
    return tenant ? c.json(tenant, 202) : c.body(null, 204);
  });
  return routes;
}
