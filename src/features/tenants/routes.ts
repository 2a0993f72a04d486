import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, newRoutes, type Routes, refuses, takes } from '#platform/routing.ts';
import { NewTenant, Tenant, TenantChange, TenantPage, TenantQuery } from './schema.ts';
import { changeTenant, createTenant, findTenants, type TenantsDeps } from './verbs.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const create = createRoute({
  method: 'post',
  path: '/tenants',
  tags: ['tenants'],
  summary: 'Create a tenant',
  request: { body: takes(NewTenant) },
  responses: { 201: answers(Tenant, 'Created'), ...refuses(...usual, 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE') },
});

const list = createRoute({
  method: 'get',
  path: '/tenants',
  tags: ['tenants'],
  summary: 'List the tenants',
  request: { query: TenantQuery },
  responses: { 200: answers(TenantPage, 'A page of tenants'), ...refuses(...usual) },
});

const change = createRoute({
  method: 'patch',
  path: '/tenants/{id}',
  tags: ['tenants'],
  summary: 'Rename, deactivate or activate a tenant',
  description:
    'A deactivated tenant has no login, no webhook and no job, and none of its subscribers is cut off by it.',
  request: { params: IdParam, body: takes(TenantChange) },
  responses: { 200: answers(Tenant, 'Changed'), ...refuses(...usual, 'NOT_FOUND', 'PAYLOAD_TOO_LARGE') },
});

/** The platform owner's list of tenants (spec T1). */
export function tenantsRoutes(deps: TenantsDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => c.json(await createTenant(deps, c.get('caller'), c.req.valid('json')), 201));
  routes.openapi(list, async (c) => c.json(await findTenants(deps, c.get('caller'), c.req.valid('query')), 200));
  routes.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await changeTenant(deps, c.get('caller'), id, c.req.valid('json')), 200);
  });
  return routes;
}
