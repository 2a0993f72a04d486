import { ownLedger } from '../furnish.ts';
import type { Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const recordBody = (at: Tenant) => ({
  kind: 'expense',
  category: at.name('Listrik'),
  amount: 750_000,
  account: 'bank',
  happened_on: '2026-11-05',
  note: at.name('token'),
});

async function addRecord(at: Tenant): Promise<string> {
  await ownLedger(at);
  const made = await at.admin({ method: 'POST', path: '/api/v1/finance/records', body: recordBody(at) });
  return at.keep('finance_record', good(made).id);
}

const report = {
  parts: async (at: Tenant) => {
    await addRecord(at);
    return {};
  },
};

/** Expenses, other income, and what the books say. */
export const financeRecipes: Recipes = {
  'post /api/v1/finance/records': {
    parts: async (at) => {
      await ownLedger(at);
      return { body: recordBody(at) };
    },
  },
  'get /api/v1/finance/records': report,
  'get /api/v1/finance/records/{id}': { parts: async (at) => ({ params: { id: await addRecord(at) } }) },
  'post /api/v1/finance/records/{id}/reverse': {
    parts: async (at) => ({ params: { id: await addRecord(at) }, body: { reason: at.name('salah') } }),
  },
  'get /api/v1/finance/profit-and-loss': report,
  'get /api/v1/finance/cash-flow': report,
  'get /api/v1/finance/aging': report,
  'get /api/v1/finance/balance': report,
};
