import { addCustomer, addPlan, customerBody, planBody } from '../furnish.ts';
import type { Parts, Recipe, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const byHand = (before: readonly string[] = []): Recipe => ({
  parts: async (at) => {
    const { line } = await addCustomer(at);
    for (const move of before) {
      const path = `/api/v1/subscriptions/${line}/${move}`;
      await at.admin({ method: 'POST', path, body: { reason: at.name('sebab') } });
    }
    return { params: { id: line }, body: { reason: at.name('pindah') } };
  },
});

const inAWeek = (): string => new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
const promiseBody = (at: Tenant) => ({ until: inAWeek(), note: at.name('gajian') });

/** A line for which a promise to pay runs. */
async function withPromise(at: Tenant): Promise<Parts> {
  const { line } = await addCustomer(at);
  const path = `/api/v1/subscriptions/${line}/promises`;
  const made = good(await at.admin({ method: 'POST', path, body: promiseBody(at) }));
  return { params: { id: line, promise_id: at.keep('promise', made.id) } };
}

/** Plans, customers and their lines. */
export const officeRecipes: Recipes = {
  'post /api/v1/service-plans': { parts: (at) => ({ body: planBody(at) }) },
  'get /api/v1/service-plans': { parts: (at) => ({ query: { search: at.canary } }) },
  'get /api/v1/service-plans/{id}': { parts: (at) => ({ params: { id: at.the('plan') } }) },
  'patch /api/v1/service-plans/{id}': {
    parts: async (at) => ({ params: { id: await addPlan(at) }, body: { price: 175_000, name: at.name('Paket') } }),
  },
  'delete /api/v1/service-plans/{id}': { parts: async (at) => ({ params: { id: await addPlan(at) } }) },
  'post /api/v1/customers': { parts: (at) => ({ body: customerBody(at) }) },
  'get /api/v1/customers': { parts: (at) => ({ query: { service_plan_id: at.the('plan') } }) },
  'get /api/v1/customers/{id}': { parts: (at) => ({ params: { id: at.the('customer') } }) },
  'patch /api/v1/customers/{id}': {
    parts: (at) => ({ params: { id: at.the('customer') }, body: { notes: at.name('baru') } }),
  },
  'delete /api/v1/customers/{id}': {
    parts: async (at) => {
      const { customer, line } = await addCustomer(at);
      const body = { reason: at.name('berhenti') };
      await at.admin({ method: 'POST', path: `/api/v1/subscriptions/${line}/terminate`, body });
      return { params: { id: customer } };
    },
  },
  'get /api/v1/subscriptions': { parts: (at) => ({ query: { customer_id: at.the('customer') } }) },
  'get /api/v1/subscriptions/{id}': { parts: (at) => ({ params: { id: at.the('subscription') } }) },
  'get /api/v1/subscriptions/{id}/explain': { parts: (at) => ({ params: { id: at.the('subscription') } }) },
  'get /api/v1/subscriptions/{id}/sessions': { parts: (at) => ({ params: { id: at.the('subscription') } }) },
  'get /api/v1/subscriptions/{id}/usage': { parts: (at) => ({ params: { id: at.the('subscription') } }) },
  'put /api/v1/subscriptions/{id}/validity': {
    parts: async (at) => {
      const { line } = await addCustomer(at);
      return { params: { id: line }, body: { valid_until: '2030-01-01T00:00:00.000Z', reason: at.name('voucher') } };
    },
  },
  'post /api/v1/subscriptions/{id}/activate': {
    parts: async (at) => {
      const body = { ...customerBody(at), billing_mode: 'prepaid' };
      const { json } = await at.admin({ method: 'POST', path: '/api/v1/customers', body });
      const id = at.keep('subscription', Object(json).subscription.id);
      return { params: { id }, body: { reason: at.name('dibayar tunai') } };
    },
  },
  'get /api/v1/promises': {},
  'get /api/v1/subscriptions/{id}/promises': { parts: (at) => ({ params: { id: at.the('subscription') } }) },
  'post /api/v1/subscriptions/{id}/promises': {
    parts: async (at) => ({ params: { id: (await addCustomer(at)).line }, body: promiseBody(at) }),
  },
  'delete /api/v1/subscriptions/{id}/promises/{promise_id}': { parts: withPromise },
  'post /api/v1/subscriptions/{id}/suspend': byHand(),
  'post /api/v1/subscriptions/{id}/resume': byHand(['suspend']),
  'post /api/v1/subscriptions/{id}/terminate': byHand(),
  'post /api/v1/subscriptions/{id}/change-plan': {
    parts: async (at) => {
      const { line } = await addCustomer(at);
      return { params: { id: line }, body: { service_plan_id: await addPlan(at), reason: at.name('naik') } };
    },
  },
  'post /api/v1/subscriptions/{id}/password': {
    parts: (at) => ({ params: { id: at.the('subscription') }, body: { action: 'reveal' } }),
  },
};
