import { addPlan } from '../furnish.ts';
import type { Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const path = '/api/v1/resellers';
const resellerBody = (at: Tenant) => ({
  name: at.name('Warung'),
  phone: `+62 815 ${at.next()}`,
  address: at.name('Jl. Anggrek'),
  notes: at.name('dekat pasar'),
});

/** A partner of the tenant's, for whom nobody logs in yet. */
async function addReseller(at: Tenant): Promise<string> {
  return at.keep('reseller', good(await at.admin({ method: 'POST', path, body: resellerBody(at) })).id);
}

/** Partners who sell for the tenant, as its own people see them. */
export const resellerRecipes: Recipes = {
  'post /api/v1/resellers': { parts: (at) => ({ body: resellerBody(at) }) },
  'get /api/v1/resellers': { parts: (at) => ({ query: { search: at.canary } }) },
  'get /api/v1/resellers/{id}': { parts: async (at) => ({ params: { id: await addReseller(at) } }) },
  'patch /api/v1/resellers/{id}': {
    parts: async (at) => ({ params: { id: await addReseller(at) }, body: { notes: at.name('pindah') } }),
  },
  'get /api/v1/resellers/{id}/statistics': { parts: async (at) => ({ params: { id: await addReseller(at) } }) },
  'get /api/v1/resellers/{id}/plans': { parts: async (at) => ({ params: { id: await addReseller(at) } }) },
  'put /api/v1/resellers/{id}/plans': {
    parts: async (at) => ({
      params: { id: await addReseller(at) },
      body: { plans: [{ service_plan_id: await addPlan(at), price: 125_000 }] },
    }),
  },
};
