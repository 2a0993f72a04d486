import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';
import { png, pngHeaders } from './persons.ts';

const orders = '/api/v1/work-orders';

const orderBody = (at: Tenant) => ({
  kind: 'repair',
  customer_id: at.the('customer'),
  subscription_id: at.the('subscription'),
  scheduled_at: '2026-11-21T02:00:00Z',
  notes: at.name('lampu LOS merah'),
});

async function addOrder(at: Tenant): Promise<string> {
  return at.keep('work_order', good(await at.admin({ method: 'POST', path: orders, body: orderBody(at) })).id);
}

/** A picture that nobody has sent before. */
const photo = (at: Tenant): Buffer => Buffer.concat([png, Buffer.from(at.name('foto'))]);

async function withPhoto(at: Tenant): Promise<Parts> {
  const order = await addOrder(at);
  const path = `${orders}/${order}/photos`;
  const made = good(await at.admin({ method: 'POST', path, body: photo(at), headers: pngHeaders }));
  return { params: { id: order, photo_id: at.keep('work_order_photo', made.id) } };
}

/** What technicians do, and what it takes. */
export const fieldWorkRecipes: Recipes = {
  'post /api/v1/work-orders': { parts: (at) => ({ body: orderBody(at) }) },
  'get /api/v1/work-orders': { parts: (at) => ({ query: { customer_id: at.the('customer') } }) },
  'get /api/v1/work-orders/{id}': { parts: async (at) => ({ params: { id: await addOrder(at) } }) },
  'patch /api/v1/work-orders/{id}': {
    parts: async (at) => ({ params: { id: await addOrder(at) }, body: { notes: at.name('bawa tangga') } }),
  },
  'post /api/v1/work-orders/{id}/photos': {
    parts: async (at) => ({ params: { id: await addOrder(at) }, body: photo(at), headers: pngHeaders }),
  },
  'get /api/v1/work-orders/{id}/photos/{photo_id}': { parts: withPhoto },
};
