import type { GatewayStandIn } from '#sandbox/gateways/stand-in.ts';
import { startXendit } from '#sandbox/gateways/xendit.ts';
import { addCustomer } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const api = '/api/v1';
const keys = { secret_key: 'kunci-gerbang', callback_token: 'token-gerbang' };

/** One gateway for each hub; it keeps no process from ending. */
const gateways = new WeakMap<object, Promise<GatewayStandIn>>();
function gatewayOf({ hub }: Tenant): Promise<GatewayStandIn> {
  const known = gateways.get(hub) ?? startXendit(keys.secret_key, keys.callback_token);
  gateways.set(hub, known);
  return known;
}

/** A bill of the tenant's ERPNext, past the doors, and a gateway that takes money for it. */
async function addBill(at: Tenant): Promise<string> {
  const { url } = await gatewayOf(at);
  good(await at.admin({ method: 'PUT', path: `${api}/connections/xendit`, body: { url, ...keys } }));
  const { customer } = await addCustomer(at);
  const name = at.name('ACC-SINV').replaceAll(' ', '-');
  const fact = {
    kind: 'invoice',
    name,
    customer: name,
    subscription: null,
    submitted: true,
    isReturn: false,
    returnAgainst: null,
    dueDate: '2026-11-20',
    total: '150000',
    outstanding: '150000',
    terms: [],
    items: [],
  };
  await at.hub.look('update customers set erp_customer = $1 where id = $2', [name, customer]);
  await at.hub.look(
    `insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
     values ($1, 'Sales Invoice', $2, $2, '', $3, true, now())`,
    [at.id, name, JSON.stringify(fact)],
  );
  return at.keep('erp_bill', name);
}

/** An open charge of a bill. */
export async function addCharge(at: Tenant): Promise<string> {
  const path = `${api}/invoices/${encodeURIComponent(await addBill(at))}/charges`;
  return at.keep('charge', good(await at.admin({ method: 'POST', path, body: { method: 'qris' } })).id);
}

/** One whose payer paid too little. */
async function heldCharge(at: Tenant): Promise<Parts> {
  const id = await addCharge(at);
  (await gatewayOf(at)).pay(id, 149_000n);
  const held = `update charges set state = 'held', paid_amount = 149000, paid_at = now() where id = $1`;
  await at.hub.look(held, [id]);
  return { params: { id } };
}

const csvHeaders = { 'content-type': 'text/csv' };
const statementOf = (at: Tenant): string =>
  `Tanggal;Keterangan;Debet;Kredit\n20/11/2026;${at.name('TRSF')};;150.000,00\n20/11/2026;BIAYA ${at.next()};2.500,00;\n`;
const upload = (at: Tenant): Parts => ({
  query: { name: at.name('BCA') },
  body: Buffer.from(statementOf(at)),
  headers: csvHeaders,
});

/** An open line of money received. */
export async function addBankLine(at: Tenant): Promise<string> {
  const { query, body, headers } = upload(at);
  const path = `${api}/bank-statements?${new URLSearchParams(query)}`;
  const { id } = good(await at.admin({ method: 'POST', path, body, ...(headers && { headers }) }));
  at.keep('bank_statement', id);
  const search = `statement_id=${id}&direction=credit`;
  const { data } = good(await at.admin({ method: 'GET', path: `${api}/bank-lines?${search}` }));
  return at.keep('bank_line', Object(data)[0].id);
}

const gatewayBody = (at: Tenant) => ({
  url: 'http://127.0.0.1:9',
  virtual_account: null,
  secret: `kunci-${at.canary}`,
});

/** Payment gateways, what they collect, and bank statements. */
export const tillRecipes: Recipes = {
  'put /api/v1/connections/midtrans': {
    parts: (at) => {
      const { url, secret } = gatewayBody(at);
      return { body: { url, server_key: secret, virtual_account: 'bca' } };
    },
  },
  'put /api/v1/connections/xendit': {
    parts: (at) => {
      const { url, secret } = gatewayBody(at);
      return { body: { url, secret_key: secret, callback_token: secret } };
    },
  },
  'put /api/v1/connections/tripay': {
    parts: (at) => {
      const { url, secret } = gatewayBody(at);
      const account = { merchant_code: 'T1', email: `a@${at.canary}.example` };
      return { body: { url, ...account, api_key: secret, private_key: secret } };
    },
  },
  'put /api/v1/connections/duitku': {
    parts: (at) => {
      const { url, secret } = gatewayBody(at);
      return { body: { url, merchant_code: 'D1', email: `a@${at.canary}.example`, api_key: secret } };
    },
  },
  'post /api/v1/invoices/{id}/charges': {
    parts: async (at) => ({ params: { id: await addBill(at) }, body: { method: 'qris', gateway: 'xendit' } }),
  },
  'get /api/v1/charges': {},
  'get /api/v1/charges/{id}': { parts: (at) => ({ params: { id: at.the('charge') } }) },
  'post /api/v1/charges/{id}/accept': { parts: heldCharge },
  'post /api/v1/charges/{id}/refund': {
    parts: async (at) => ({ ...(await heldCharge(at)), body: { reason: at.name('dobel') } }),
  },
  'post /api/v1/bank-statements': { parts: upload },
  'get /api/v1/bank-statements': {},
  'get /api/v1/bank-lines': { parts: () => ({ query: { state: 'open' } }) },
  'post /api/v1/bank-lines/confirm': {
    parts: async (at) => ({
      body: { lines: [{ line_id: await addBankLine(at), customer_id: (await addCustomer(at)).customer }] },
    }),
  },
  'post /api/v1/bank-lines/{id}/ignore': { parts: async (at) => ({ params: { id: await addBankLine(at) } }) },
};
