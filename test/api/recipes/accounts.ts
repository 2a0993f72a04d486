import { addKey, keyBody } from '../furnish.ts';
import type { Recipes } from '../recipe.ts';
import { good, password, type Tenant } from '../tenant.ts';

const admin = (at: Tenant) => ({ email: `admin@${at.canary}.example`, password, subdomain: at.subdomain });

async function refreshToken(at: Tenant): Promise<string> {
  const told = await fetch(`${at.hub.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(admin(at)),
  });
  return String(Object(await told.json()).refresh_token);
}

const tenantBody = (at: Tenant) => ({ name: at.name('Net'), subdomain: `${at.canary}-${at.next()}` });

/** One that may be changed, turned off or deleted: not the tenant that asks. */
async function addTenant(at: Tenant): Promise<string> {
  return String(good(await at.owner({ method: 'POST', path: '/api/v1/tenants', body: tenantBody(at) })).id);
}

/** Tenants, users, logging in. */
export const accountRecipes: Recipes = {
  'post /api/v1/auth/login': { as: 'nobody', parts: (at) => ({ body: admin(at) }) },
  'post /api/v1/auth/refresh': {
    as: 'nobody',
    parts: async (at) => ({ body: { refresh_token: await refreshToken(at) } }),
  },
  'post /api/v1/auth/logout': {
    as: 'nobody',
    parts: async (at) => ({ body: { refresh_token: await refreshToken(at) } }),
  },
  'post /api/v1/auth/register': {
    parts: (at) => ({
      body: {
        tenant_id: at.id,
        email: `user${at.next()}@${at.canary}.example`,
        password,
        name: at.name('Dewi'),
        role: 'viewer',
      },
    }),
  },
  'post /api/v1/tenants': {
    as: 'platform_owner',
    parts: (at) => ({ body: tenantBody(at) }),
  },
  'get /api/v1/tenants': { as: 'platform_owner' },
  'get /api/v1/tenants/{id}': { as: 'platform_owner', parts: (at) => ({ params: { id: at.id } }) },
  'delete /api/v1/tenants/{id}': {
    as: 'platform_owner',
    parts: async (at) => {
      const body = tenantBody(at);
      const { id } = good(await at.owner({ method: 'POST', path: '/api/v1/tenants', body }));
      return { params: { id: String(id) }, query: { confirm: body.subdomain } };
    },
  },
  'get /api/v1/tenants/{id}/usage': {
    as: 'platform_owner',
    parts: (at) => ({ params: { id: at.id }, query: { month: '2026-11' } }),
  },
  'get /api/v1/usage': { as: 'platform_owner', parts: () => ({ query: { month: '2026-11' } }) },
  'get /api/v1/schedules': { as: 'platform_owner' },
  'get /api/v1/users': { parts: () => ({ query: { role: 'admin' } }) },
  'get /api/v1/users/{id}': { parts: (at) => ({ params: { id: at.the('user') } }) },
  'patch /api/v1/users/{id}': {
    parts: async (at) => ({ params: { id: (await at.addUser('viewer')).id }, body: { name: at.name('Dewi') } }),
  },
  'post /api/v1/api-keys': { parts: (at) => ({ body: keyBody(at) }) },
  'get /api/v1/api-keys': {},
  'delete /api/v1/api-keys/{id}': { parts: async (at) => ({ params: { id: await addKey(at) } }) },
  'get /api/v1/audit-logs': { parts: (at) => ({ query: { actor_id: at.the('user') } }) },
  'patch /api/v1/tenants/{id}': {
    as: 'platform_owner',
    parts: async (at) => ({ params: { id: await addTenant(at) }, body: { name: at.name('Net') } }),
  },
};
