import { addCustomer, ownLedger } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const billBody = (at: Tenant, customer: string) => ({
  customer_id: customer,
  lines: [{ description: at.name('pasang'), quantity: 1, unit_price: 150_000 }],
  notes: at.name('tagihan'),
});
const paymentBody = (at: Tenant, customer: string) => ({
  customer_id: customer,
  amount: 200_000,
  payment_method: 'cash',
  payment_date: new Date(Date.now() - 60_000).toISOString(),
  reference: at.name('struk'),
  notes: at.name('loket'),
});

async function addBill(at: Tenant): Promise<string> {
  await ownLedger(at);
  const { customer } = await addCustomer(at);
  const made = good(await at.admin({ method: 'POST', path: '/api/v1/invoices', body: billBody(at, customer) }));
  return at.keep('invoice', made.id);
}

async function addPayment(at: Tenant, over: object = {}): Promise<string> {
  await ownLedger(at);
  const { customer } = await addCustomer(at);
  const body = { ...paymentBody(at, customer), ...over };
  return at.keep('payment', good(await at.admin({ method: 'POST', path: '/api/v1/payments', body })).id);
}

const why = (at: Tenant) => ({ reason: at.name('salah ketik') });
const ofBill = async (at: Tenant): Promise<Parts> => ({ params: { id: await addBill(at) } });
const ofPayment = async (at: Tenant, over: object = {}): Promise<Parts> => ({
  params: { id: await addPayment(at, over) },
});

/** Bills of the hub's own ledger, payments, and what is read off the books. */
export const billingRecipes: Recipes = {
  'post /api/v1/invoices': {
    parts: async (at) => {
      await ownLedger(at);
      return { body: billBody(at, (await addCustomer(at)).customer) };
    },
  },
  'get /api/v1/invoices': {},
  'get /api/v1/invoices/{id}': { parts: ofBill },
  'post /api/v1/invoices/{id}/cancel': { parts: async (at) => ({ ...(await ofBill(at)), body: why(at) }) },
  'post /api/v1/invoices/{id}/credit-note': {
    parts: async (at) => ({ ...(await ofBill(at)), body: { amount: 50_000, ...why(at) } }),
  },
  'get /api/v1/customers/{id}/statement': {
    parts: async (at) => {
      await ownLedger(at);
      return { params: { id: at.the('customer') } };
    },
  },
  'post /api/v1/payments': {
    parts: async (at) => {
      await ownLedger(at);
      return { body: paymentBody(at, (await addCustomer(at)).customer) };
    },
  },
  'get /api/v1/payments': {},
  'get /api/v1/payments/{id}': { parts: (at) => ofPayment(at) },
  'patch /api/v1/payments/{id}': {
    parts: async (at) => ({ ...(await ofPayment(at, { payment_date: null })), body: { status: 'paid' } }),
  },
  'post /api/v1/payments/{id}/reverse': { parts: async (at) => ({ ...(await ofPayment(at)), body: why(at) }) },
  'post /api/v1/payments/{id}/refunds': {
    parts: async (at) => ({
      ...(await ofPayment(at)),
      body: { amount: 50_000, payment_method: 'transfer', ...why(at) },
    }),
  },
  'get /api/v1/billing/revenue': {
    parts: async (at) => {
      await ownLedger(at);
      return {};
    },
  },
};
