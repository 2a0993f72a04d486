import { randomUUID } from 'node:crypto';
import { addPlan, customerBody } from '../furnish.ts';
import type { Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const api = '/api/v1';

const batchBody = (at: Tenant) => ({ days: 30, price: 100_000, count: 3, prefix: 'KCB', note: at.name('warung') });
const addBatch = async (at: Tenant): Promise<string> =>
  at.keep('voucher_batch', good(await at.admin({ method: 'POST', path: `${api}/vouchers`, body: batchBody(at) })).id);

/** A code that is good still. */
async function codeOf(at: Tenant, batch: string): Promise<string> {
  const { text } = await at.admin({ method: 'GET', path: `${api}/voucher-batches/${batch}/codes` });
  return text.split('\r\n')[1]?.split(',')[1] ?? '';
}

async function prepaidUsername(at: Tenant): Promise<string> {
  const body = { ...customerBody(at), billing_mode: 'prepaid' };
  const made = good(await at.admin({ method: 'POST', path: `${api}/customers`, body }));
  return at.keep('username', Object(made.subscription).username);
}

/** A bill and its payment, of the time before ERPNext was connected. */
async function addPapers(at: Tenant): Promise<{ readonly invoice: string; readonly payment: string }> {
  const [posting, invoice, payment] = [randomUUID(), randomUUID(), randomUUID()];
  const [customer, serial] = [at.the('customer'), 900_000 + at.next()];
  const number = `OLD-${serial}`;
  await at.hub.look(
    `insert into postings (tenant_id, id, kind, idem_key, posted_on) values ($1, $2, 'invoice', $3, '2025-01-01')`,
    [at.id, posting, number],
  );
  await at.hub.look(
    `insert into invoices (tenant_id, id, year, serial, number, customer_id, reason, issued_on, due_date, net, total,
       notes, posting_id)
     values ($1, $2, 2024, $3, $4, $5, 'manual', '2025-01-01', '2025-01-20', 1000, 1000, $6, $7)`,
    [at.id, invoice, serial, number, customer, at.name('lama'), posting],
  );
  await at.hub.look(
    `insert into payments (tenant_id, id, customer_id, amount, method, status, due_date, payment_date, idem_key)
     values ($1, $2, $3, 1000, 'cash', 'paid', '2025-01-20', now(), $4)`,
    [at.id, payment, customer, number],
  );
  return { invoice: at.keep('invoice', invoice), payment: at.keep('payment', payment) };
}

/** Vouchers, and what is printed. */
export const paperRecipes: Recipes = {
  'post /api/v1/vouchers': {
    parts: async (at) => ({ body: { ...batchBody(at), service_plan_id: await addPlan(at) } }),
  },
  'get /api/v1/vouchers': { parts: async (at) => ({ query: { batch_id: await addBatch(at) } }) },
  'post /api/v1/vouchers/redeem': {
    parts: async (at) => ({
      body: { code: await codeOf(at, await addBatch(at)), username: await prepaidUsername(at) },
    }),
  },
  'get /api/v1/voucher-batches': { parts: (at) => ({ query: { search: at.canary } }) },
  'get /api/v1/voucher-batches/{id}': { parts: async (at) => ({ params: { id: await addBatch(at) } }) },
  'post /api/v1/voucher-batches/{id}/void': {
    parts: async (at) => ({ params: { id: await addBatch(at) }, body: { reason: at.name('hilang') } }),
  },
  'get /api/v1/voucher-batches/{id}/sheet': { parts: async (at) => ({ params: { id: await addBatch(at) } }) },
  'get /api/v1/voucher-batches/{id}/codes': { parts: async (at) => ({ params: { id: await addBatch(at) } }) },
  'get /api/v1/invoices/{id}/pdf': { parts: async (at) => ({ params: { id: (await addPapers(at)).invoice } }) },
  'get /api/v1/payments/{id}/receipt': { parts: async (at) => ({ params: { id: (await addPapers(at)).payment } }) },
  'get /api/v1/customers/{id}/statement/pdf': { parts: (at) => ({ params: { id: at.the('customer') } }) },
};
