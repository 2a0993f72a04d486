import { customerBody } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const path = '/api/v1/reseller';

/** Called by the tenant's reseller. */
const own =
  (parts: (at: Tenant) => Parts | Promise<Parts> = () => ({})) =>
  async (at: Tenant): Promise<Parts> => ({ ...(await parts(at)), ask: await at.as('reseller') });

/** A customer of that reseller. */
async function subCustomer(at: Tenant): Promise<string> {
  const ask = await at.as('reseller');
  // Where areas are drawn, one of them covers this place.
  const body = { ...customerBody(at), latitude: -6.3, longitude: 107.3 };
  return at.keep('sub_customer', good(await ask({ method: 'POST', path: `${path}/customers`, body })).id);
}

async function request(at: Tenant): Promise<string> {
  const ask = await at.as('reseller');
  const body = { kind: 'slow', text: at.name('lambat'), customer_id: await subCustomer(at) };
  return at.keep('reseller_request', good(await ask({ method: 'POST', path: `${path}/requests`, body })).id);
}

/** A list with one customer, on a plan that is on sale. */
async function list(at: Tenant): Promise<Parts> {
  const plan = good(await at.admin({ method: 'GET', path: `/api/v1/service-plans/${at.the('plan')}` })).name;
  const row = [at.name('Sri'), `08${10_000_000 + at.next()}`, at.name('Jl. Kenanga'), plan].join(';');
  return {
    query: { preview: 'false' },
    body: `Nama;Telepon;Alamat;Paket\n${row}`,
    headers: { 'content-type': 'text/csv' },
  };
}

async function addReseller(at: Tenant): Promise<string> {
  const body = { name: at.name('Warung') };
  return at.keep('reseller', good(await at.admin({ method: 'POST', path: '/api/v1/resellers', body })).id);
}

/** What a reseller does at its counter. */
export const resellerDeskRecipes: Recipes = {
  'get /api/v1/reseller/dashboard': { parts: own() },
  'get /api/v1/reseller/customers': { parts: own() },
  'post /api/v1/reseller/customers': {
    parts: own((at) => ({ body: { ...customerBody(at), latitude: -6.3, longitude: 107.3 } })),
  },
  'get /api/v1/reseller/customers/{id}/status': {
    parts: own(async (at) => ({ params: { id: await subCustomer(at) } })),
  },
  'get /api/v1/reseller/invoices': { parts: own(async (at) => ({ query: { customer_id: await subCustomer(at) } })) },
  'get /api/v1/reseller/plans': { parts: own() },
  'post /api/v1/reseller/coverage': { parts: own(() => ({ body: { latitude: -6.3, longitude: 107.3 } })) },
  'post /api/v1/reseller/customers/import': { parts: own(list) },
  'post /api/v1/resellers/{id}/customers/import': {
    parts: async (at) => ({ ...(await list(at)), params: { id: await addReseller(at) } }),
  },
  'get /api/v1/reseller/requests': { parts: own() },
  'post /api/v1/reseller/requests': { parts: own((at) => ({ body: { kind: 'other', text: at.name('tanya') } })) },
  'get /api/v1/reseller/requests/{id}': { parts: own(async (at) => ({ params: { id: await request(at) } })) },
  'post /api/v1/reseller/requests/{id}/messages': {
    parts: own(async (at) => ({ params: { id: await request(at) }, body: { text: at.name('lagi') } })),
  },
  'get /api/v1/reseller-requests': {},
  'get /api/v1/reseller-requests/{id}': { parts: async (at) => ({ params: { id: await request(at) } }) },
  'post /api/v1/reseller-requests/{id}/messages': {
    parts: async (at) => ({ params: { id: await request(at) }, body: { text: at.name('dijawab') } }),
  },
  'post /api/v1/reseller-requests/{id}/close': { parts: async (at) => ({ params: { id: await request(at) } }) },
};
