import { addCustomer } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

/** One pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
export const pngHeaders = { 'content-type': 'image/png' };

async function withPhoto(at: Tenant): Promise<Parts> {
  const { customer } = await addCustomer(at);
  const path = `/api/v1/customers/${customer}/photo`;
  good(await at.admin({ method: 'PUT', path, body: png, headers: pngHeaders }));
  return { params: { id: customer } };
}

async function departed(at: Tenant): Promise<Parts> {
  const { customer, line } = await addCustomer(at);
  const body = { reason: at.name('berhenti') };
  good(await at.admin({ method: 'POST', path: `/api/v1/subscriptions/${line}/terminate`, body }));
  return { params: { id: customer } };
}

const theCustomer = (at: Tenant): Parts => ({ params: { id: at.the('customer') } });

/** What is held of a customer as a person, and its further lines. */
export const personRecipes: Recipes = {
  'get /api/v1/customers/statistics': {},
  'get /api/v1/customers/{id}/history': { parts: theCustomer },
  'post /api/v1/customers/{id}/subscriptions': {
    parts: async (at) => ({
      params: { id: (await addCustomer(at)).customer },
      body: { service_plan_id: at.the('plan') },
    }),
  },
  'post /api/v1/customers/{id}/reveal': { parts: (at) => ({ ...theCustomer(at), body: { field: 'phone' } }) },
  'get /api/v1/customers/{id}/export': { parts: theCustomer },
  'post /api/v1/customers/{id}/erase': { parts: departed },
  'put /api/v1/customers/{id}/photo': { parts: (at) => ({ ...theCustomer(at), body: png, headers: pngHeaders }) },
  'get /api/v1/customers/{id}/photo': { parts: withPhoto },
  'delete /api/v1/customers/{id}/photo': { parts: withPhoto },
};
