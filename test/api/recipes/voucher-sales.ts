import { randomUUID } from 'node:crypto';
import type { Ask } from '../ask.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const api = '/api/v1';
const keyed = () => ({ headers: { 'Idempotency-Key': randomUUID() } });

/** A reseller of the tenant's with money in its deposit. */
async function fundedShop(at: Tenant): Promise<Ask> {
  const ask = await at.as('reseller');
  const { reseller_id: id } = good(await ask({ method: 'GET', path: `${api}/reseller/deposit` }));
  const body = { amount: 500_000, method: 'transfer', reference: at.name('BCA') };
  good(await at.admin({ method: 'POST', path: `${api}/resellers/${id}/deposit/top-ups`, body, ...keyed() }));
  return ask;
}

/** What a reseller may buy of; whoever is offered it, it is nobody's own. */
async function offeredBatch(at: Tenant): Promise<string> {
  const body = { days: 30, price: 100_000, reseller_price: 92_000, count: 3, note: at.name('agen') };
  return String(good(await at.admin({ method: 'POST', path: `${api}/vouchers`, body })).id);
}

async function purchase(at: Tenant): Promise<Parts & { readonly ask: Ask }> {
  const ask = await fundedShop(at);
  return { ask, body: { batch_id: await offeredBatch(at), count: 2 }, ...keyed() };
}

/** A sale of the reseller's who asks. */
async function addSale(at: Tenant) {
  const { ask, body, headers = {} } = await purchase(at);
  const { id } = good(await ask({ method: 'POST', path: `${api}/reseller/vouchers`, body, headers }));
  return { ask, params: { id: at.keep('voucher_sale', id) } };
}

const asShop = async (at: Tenant): Promise<Parts> => ({ ask: await at.as('reseller') });
const ofSale = async (at: Tenant): Promise<Parts> => ({ params: (await addSale(at)).params });

/** Vouchers that resellers sell. */
export const voucherSaleRecipes: Recipes = {
  'patch /api/v1/voucher-batches/{id}': {
    parts: async (at) => ({
      params: { id: at.keep('voucher_batch', await offeredBatch(at)) },
      body: { reseller_price: 90_000 },
    }),
  },
  'get /api/v1/reseller/voucher-offers': { parts: asShop },
  'post /api/v1/reseller/vouchers': { parts: purchase },
  'get /api/v1/reseller/vouchers': { parts: asShop },
  'get /api/v1/reseller/voucher-sales': { parts: asShop },
  'get /api/v1/reseller/voucher-sales/{id}': { parts: addSale },
  'get /api/v1/reseller/voucher-sales/{id}/sheet': { parts: addSale },
  'get /api/v1/reseller/voucher-sales/{id}/codes': { parts: addSale },
  'get /api/v1/voucher-sales': {},
  'get /api/v1/voucher-sales/{id}': { parts: ofSale },
  'post /api/v1/voucher-sales/{id}/take-back': {
    parts: async (at) => ({ ...(await ofSale(at)), body: { reason: at.name('toko tutup') } }),
  },
};
