import { randomUUID } from 'node:crypto';
import type { Ask } from '../ask.ts';
import { customerBody, ownLedger } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const api = '/api/v1';
const keyed = () => ({ headers: { 'Idempotency-Key': randomUUID() } });

type Shop = { readonly ask: Ask; readonly id: string };

/** A reseller of the tenant's, as which somebody is logged in. */
async function shopOf(at: Tenant): Promise<Shop> {
  const ask = await at.as('reseller');
  const { reseller_id: id } = good(await ask({ method: 'GET', path: `${api}/reseller/deposit` }));
  return { ask, id: at.keep('reseller', id) };
}

/** Asks as the reseller, which needs nothing more. */
const asShop =
  (more: (at: Tenant) => Parts = () => ({})) =>
  async (at: Tenant): Promise<Parts> => ({ ...more(at), ask: (await shopOf(at)).ask });

const topUpBody = (at: Tenant) => ({ amount: 100_000, method: 'transfer', reference: at.name('BCA') });

async function funded(at: Tenant): Promise<Shop> {
  const shop = await shopOf(at);
  const path = `${api}/resellers/${shop.id}/deposit/top-ups`;
  good(await at.admin({ method: 'POST', path, body: { ...topUpBody(at), amount: 1_000_000 }, ...keyed() }));
  return shop;
}

/** A request that nobody has decided about. */
async function addTopUp(at: Tenant): Promise<string> {
  const { ask } = await shopOf(at);
  const path = `${api}/reseller/deposit/top-ups`;
  return at.keep('deposit_top_up', good(await ask({ method: 'POST', path, body: topUpBody(at), ...keyed() })).id);
}

/** A customer of the reseller's that has a bill of the hub's own, and a deposit that covers it. */
async function payment(at: Tenant): Promise<Parts> {
  await ownLedger(at);
  const { ask } = await funded(at);
  const { id } = good(await ask({ method: 'POST', path: `${api}/customers`, body: customerBody(at) }));
  at.keep('customer', id);
  const bill = { customer_id: id, lines: [{ description: at.name('Paket'), unit_price: 50_000 }] };
  good(await at.admin({ method: 'POST', path: `${api}/invoices`, body: bill }));
  return { ask, body: { customer_id: id }, ...keyed() };
}

const ofShop =
  (more: (at: Tenant) => Parts = () => ({})) =>
  async (at: Tenant): Promise<Parts> => ({ ...more(at), params: { id: (await funded(at)).id } });

/** What resellers have paid in beforehand. */
export const depositRecipes: Recipes = {
  'get /api/v1/reseller/deposit': { parts: asShop() },
  'get /api/v1/reseller/deposit/moves': { parts: asShop() },
  'get /api/v1/reseller/deposit/statement': { parts: asShop() },
  'get /api/v1/reseller/deposit/statement/pdf': { parts: asShop() },
  'post /api/v1/reseller/deposit/top-ups': { parts: asShop((at) => ({ body: topUpBody(at), ...keyed() })) },
  'get /api/v1/reseller/deposit/top-ups': { parts: asShop() },
  'post /api/v1/reseller/payments': { parts: payment },
  'get /api/v1/resellers/{id}/deposit': { parts: ofShop() },
  'patch /api/v1/resellers/{id}/deposit': { parts: ofShop(() => ({ body: { low_mark: 10_000 } })) },
  'get /api/v1/resellers/{id}/deposit/moves': { parts: ofShop() },
  'get /api/v1/resellers/{id}/deposit/statement': { parts: ofShop() },
  'get /api/v1/resellers/{id}/deposit/statement/pdf': { parts: ofShop() },
  'post /api/v1/resellers/{id}/deposit/top-ups': { parts: ofShop((at) => ({ body: topUpBody(at), ...keyed() })) },
  'post /api/v1/resellers/{id}/deposit/refunds': {
    parts: ofShop((at) => ({ body: { ...topUpBody(at), amount: 1_000 }, ...keyed() })),
  },
  'get /api/v1/deposit-top-ups': {},
  'post /api/v1/deposit-top-ups/{id}/approve': { parts: async (at) => ({ params: { id: await addTopUp(at) } }) },
  'post /api/v1/deposit-top-ups/{id}/reject': {
    parts: async (at) => ({ params: { id: await addTopUp(at) }, body: { reason: at.name('tidak ada') } }),
  },
};
