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

const checkInBody = (at: Tenant) => ({
  kind: 'in',
  client_ref: at.name('absen'),
  latitude: -6.3,
  longitude: 107.3,
  note: at.name('langsung ke pelanggan'),
});

const consumables = '/api/v1/consumables';
const consumableBody = (at: Tenant) => ({ name: at.name('Kabel'), kind: 'cable', unit: 'm', quantity: 305 });
async function addConsumable(at: Tenant): Promise<string> {
  const made = good(await at.admin({ method: 'POST', path: consumables, body: consumableBody(at) }));
  return at.keep('consumable', made.id);
}
/** The first that there is. */
const theConsumable = async (at: Tenant): Promise<string> => at.things.get('consumable') ?? addConsumable(at);

/** Incentives are counted where the tenant has set one. */
async function withRate(at: Tenant): Promise<Parts> {
  const body = { field_work: { incentive_per_install: 50_000 } };
  good(await at.admin({ method: 'PATCH', path: '/api/v1/settings', body }));
  return { params: { month: '2025-01' } };
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
  'post /api/v1/work-orders/{id}/consumables': {
    parts: async (at) => ({
      params: { id: await addOrder(at) },
      body: { consumable_id: await addConsumable(at), quantity: 40, note: at.name('dari tiang') },
    }),
  },
  'post /api/v1/attendance/check-ins': { parts: (at) => ({ body: checkInBody(at) }) },
  'get /api/v1/attendance': {},
  'post /api/v1/consumables': { parts: (at) => ({ body: consumableBody(at) }) },
  'get /api/v1/consumables': {},
  'get /api/v1/consumables/{id}': { parts: async (at) => ({ params: { id: await addConsumable(at) } }) },
  'patch /api/v1/consumables/{id}': {
    parts: async (at) => ({ params: { id: await addConsumable(at) }, body: { name: at.name('Kabel'), minimum: 10 } }),
  },
  'delete /api/v1/consumables/{id}': { parts: async (at) => ({ params: { id: await addConsumable(at) } }) },
  'post /api/v1/consumables/{id}/moves': {
    parts: async (at) => ({
      params: { id: await theConsumable(at) },
      body: { kind: 'in', quantity: 10, note: at.name('dari toko') },
    }),
  },
  'get /api/v1/consumables/{id}/moves': { parts: async (at) => ({ params: { id: await theConsumable(at) } }) },
  'get /api/v1/kpi/technicians': { parts: () => ({ query: { from: '2026-11-01', to: '2026-11-30' } }) },
  'get /api/v1/kpi/incentives': {},
  'post /api/v1/kpi/incentives/{month}': { parts: withRate },
};
