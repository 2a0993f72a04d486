import { randomUUID } from 'node:crypto';
import { addCustomer, addPlan } from '../furnish.ts';
import type { Parts, Recipes } from '../recipe.ts';
import { good, type Tenant } from '../tenant.ts';

const api = '/api/v1';

const addReseller = async (at: Tenant): Promise<string> => {
  const body = { name: at.name('Warung') };
  return at.keep('reseller', good(await at.admin({ method: 'POST', path: `${api}/resellers`, body })).id);
};

const ruleBody = async (at: Tenant) => ({
  reseller_id: await addReseller(at),
  service_plan_id: await addPlan(at),
  ...{ occasion: 'every', kind: 'percent', value: 500, tiers: [{ from: 50, value: 750 }], notes: at.name('janji') },
});
async function addRule(at: Tenant): Promise<string> {
  const path = `${api}/commission-rules`;
  const made = good(await at.admin({ method: 'POST', path, body: await ruleBody(at) }));
  return at.keep('commission_rule', made.id);
}

/** A reseller that is owed something, written past the doors. */
async function owed(at: Tenant): Promise<string> {
  const [reseller, { customer }] = [await addReseller(at), await addCustomer(at)];
  const source = randomUUID();
  await at.hub.look(
    `with s as (insert into commission_sources (tenant_id, kind, source, reseller_id, customer_id, volume, earned)
         values ($1, 'payment', $2, $3, $4, 1, 7500)),
       p as (insert into postings (tenant_id, kind, idem_key, posted_on) values ($1, 'commission', $2, '2025-01-31')
         returning id),
       e as (insert into entries (tenant_id, posting_id, no, account, category, reseller_id, amount)
         select $1, p.id, v.* from p, (values (1, 'expense', 'commission', null, 7500::bigint),
           (2, 'commissions_payable', null, $3::uuid, -7500)) v)
     insert into commissions (tenant_id, kind, source, no, reseller_id, customer_id, earned_on, base, amount, posting_id)
     select $1, 'payment', $2, 1, $3, $4, '2025-01-31', 150000, 7500, p.id from p`,
    [at.id, source, reseller, customer],
  );
  return reseller;
}

async function draft(at: Tenant): Promise<string> {
  const body = { until: '2025-01-31', reseller_id: await owed(at) };
  const made = good(await at.admin({ method: 'POST', path: `${api}/commission-payouts`, body }));
  return at.keep('commission_payout', Object(made.data)[0].id);
}
async function approved(at: Tenant): Promise<string> {
  const id = await draft(at);
  good(await at.admin({ method: 'POST', path: `${api}/commission-payouts/${id}/approve` }));
  return id;
}

const of =
  (make: (at: Tenant) => Promise<string>, more: (at: Tenant) => Parts = () => ({})) =>
  async (at: Tenant): Promise<Parts> => ({ ...more(at), params: { id: await make(at) } });
const asReseller = async (at: Tenant): Promise<Parts> => ({ ask: await at.as('reseller') });

/** What resellers earn. */
export const commissionRecipes: Recipes = {
  'post /api/v1/commission-rules': { parts: async (at) => ({ body: await ruleBody(at) }) },
  'get /api/v1/commission-rules': {},
  'get /api/v1/commission-rules/{id}': { parts: of(addRule) },
  'patch /api/v1/commission-rules/{id}': { parts: of(addRule, (at) => ({ body: { notes: at.name('naik') } })) },
  'delete /api/v1/commission-rules/{id}': { parts: of(addRule) },
  'get /api/v1/commissions': {},
  'get /api/v1/resellers/{id}/commissions': { parts: of(owed) },
  'get /api/v1/reseller/commissions': { parts: asReseller },
  'get /api/v1/reseller/commissions/summary': { parts: asReseller },
  'post /api/v1/commission-payouts': {
    parts: async (at) => ({ body: { until: '2025-01-31', reseller_id: await owed(at) } }),
  },
  'get /api/v1/commission-payouts': {},
  'get /api/v1/commission-payouts/{id}': { parts: of(draft) },
  'post /api/v1/commission-payouts/{id}/approve': { parts: of(draft) },
  'post /api/v1/commission-payouts/{id}/cancel': { parts: of(draft) },
  'post /api/v1/commission-payouts/{id}/pay': {
    parts: of(approved, (at) => ({ body: { method: 'transfer', reference: at.name('BCA') } })),
  },
};
