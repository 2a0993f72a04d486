import { ownStock } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const assets = '/api/v1/assets';

const hex = (at: Tenant): string => at.next().toString(16).padStart(8, '0').toUpperCase();

/** A unit that nobody has taken in before. */
function unit(at: Tenant) {
  const n = hex(at);
  const mac = `02:00:${(n.match(/../g) ?? []).join(':')}`;
  return { serial: `ZTEG-${n}-${at.canary}`, mac, gpon_sn: `ZTEG${n}`, barcode: at.name('label') };
}

const goods = (at: Tenant) => ({ part: at.name('ONT'), units: [unit(at)] });

async function addAsset(at: Tenant): Promise<string> {
  await ownStock(at);
  const { data } = good(await at.admin({ method: 'POST', path: assets, body: goods(at) }));
  return at.keep('asset', Object(Array.isArray(data) ? data[0] : null).id);
}
const ofOne = async (at: Tenant): Promise<Parts> => ({ params: { id: await addAsset(at) } });

/** Modems, and what is done with them. */
export const stockRecipes: Recipes = {
  'post /api/v1/assets': {
    parts: async (at) => {
      await ownStock(at);
      return { body: goods(at) };
    },
  },
  'post /api/v1/assets/import': {
    parts: async (at) => {
      await ownStock(at);
      const { serial, mac } = unit(at);
      return {
        query: { part: at.name('ONT'), preview: 'false' },
        body: Buffer.from(`serial,mac\n${serial},${mac}\n`),
        headers: { 'content-type': 'text/csv' },
      };
    },
  },
  'get /api/v1/assets': {
    parts: async (at) => ({ query: { search: at.canary, state: (await addAsset(at)) && 'in_stock' } }),
  },
  'get /api/v1/assets/{id}': { parts: ofOne },
  'patch /api/v1/assets/{id}': {
    parts: async (at) => ({ ...(await ofOne(at)), body: { note: at.name('kardus penyok'), mac: unit(at).mac } }),
  },
  'get /api/v1/assets/{id}/moves': { parts: ofOne },
  'post /api/v1/assets/{id}/mark': {
    parts: async (at) => ({ ...(await ofOne(at)), body: { condition: 'damaged', note: at.name('terbakar') } }),
  },
};
