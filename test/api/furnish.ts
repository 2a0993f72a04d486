import { sql } from 'kysely';
import { signatureOf } from '#test/pipeline/deliver.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { addBankLine, addCharge } from './recipes/till.ts';
import { good, type Tenant } from './tenant.ts';

const api = '/api/v1';

/** Posts as the tenant's admin and notes the new id under `kind`. */
async function post(at: Tenant, kind: string, path: string, body: object): Promise<Record<string, unknown>> {
  const made = good(await at.admin({ method: 'POST', path: `${api}/${path}`, body }));
  at.keep(kind, made.id);
  return made;
}

/** The hub's own ledger and books are asked: they rest as long as ERPNext is connected. */
export async function ownLedger(at: Tenant): Promise<void> {
  await at.admin({ method: 'DELETE', path: '/api/v1/connections/erpnext' });
}

/** The hub's own stock list is asked: it rests as long as InvenTree is connected. */
export async function ownStock(at: Tenant): Promise<void> {
  await at.admin({ method: 'DELETE', path: '/api/v1/connections/inventree' });
}

export const planBody = (at: Tenant) => ({
  name: at.name('Paket'),
  description: at.name('untuk'),
  speed_download: 10,
  speed_upload: 5,
  price: 150_000,
});
export const addPlan = async (at: Tenant): Promise<string> =>
  String((await post(at, 'plan', 'service-plans', planBody(at))).id);

export const customerBody = (at: Tenant) => ({
  name: at.name('Budi'),
  phone: `+62 812 ${at.next()}`,
  address: at.name('Jl. Melati'),
  email: `budi${at.next()}@${at.canary}.example`,
  notes: at.name('pagar hijau'),
  // Where the tenant has a net: a reseller registers nobody elsewhere.
  latitude: -6.3,
  longitude: 107.3,
  service_plan_id: at.the('plan'),
  due_date: 20,
});

export type Registered = { readonly customer: string; readonly line: string };
/** A registered customer and its first line. */
export async function addCustomer(at: Tenant): Promise<Registered> {
  const made = await post(at, 'customer', 'customers', customerBody(at));
  const line = at.keep('subscription', Object(made.subscription).id);
  at.keep('username', Object(made.subscription).username);
  return { customer: String(made.id), line };
}

/** A session that is over, in the accounting of the tenant's RADIUS. */
export async function addSession(at: Tenant): Promise<void> {
  const [line] = await at.hub.look<{ name: string }>(
    'select canonical_username as name from subscriptions where id = $1',
    [at.the('subscription')],
  );
  const id = `past-${at.canary}-${at.next()}`;
  await sql`insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
      acctstoptime, acctterminatecause, acctinputoctets, acctoutputoctets)
    values (${id}, ${id}, ${line?.name}, '10.9.0.1', now() - interval '1 hour', now(), now(), 'User-Request', 1, 2)`.execute(
    at.hub.radius.db,
  );
}

export const nasBody = (at: Tenant) => {
  const n = at.next();
  return {
    name: `${at.canary} ${n}`,
    address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    secret: `Rahasia-${at.canary}`,
  };
};
export const addNas = async (at: Tenant): Promise<string> => String((await post(at, 'nas', 'nas', nasBody(at))).id);

/** Nobody listens there: the hub is told so at once, and keeps what waits. */
export const erpnextBody = (at: Tenant) => ({
  url: 'http://127.0.0.1:9',
  api_key: `key-${at.canary}`,
  api_secret: `secret-${at.canary}`,
  webhook_secret: `hook-${at.canary}`,
});

/** Connects ERPNext where it is not: whoever makes bills in the hub has turned it off. */
export async function connectErpnext(at: Tenant): Promise<void> {
  good(await at.admin({ method: 'PUT', path: `${api}/connections/erpnext`, body: erpnextBody(at) }));
}

/** A delivery of the tenant's ERPNext, and its number once the hub lists it. */
export async function addEvent(at: Tenant): Promise<string> {
  await connectErpnext(at);
  const name = at.name('ACC-SINV');
  const doc = { name, modified: '2026-11-21 10:00:00.1' };
  const body = Buffer.from(JSON.stringify({ event: 'on_change', doctype: 'Sales Invoice', doc }));
  const told = await fetch(`${at.hub.url}/webhooks/erpnext/${at.subdomain}`, {
    method: 'POST',
    headers: { 'X-Frappe-Webhook-Signature': signatureOf(body, erpnextBody(at).webhook_secret) },
    body,
  });
  return at.keep('event', Object(await told.json()).event_id);
}

/** An intent that was given up: made from the newest of the tenant's that the hub lists. */
export async function addIntent(at: Tenant): Promise<string> {
  const [row] = await eventually(
    () =>
      at.hub.look<{ id: string }>(
        `update outbox set state = 'dead' where id = (select max(id) from outbox where tenant_id = $1) returning id`,
        [at.id],
      ),
    (rows) => rows.length > 0,
  );
  return at.keep('intent', row?.id);
}

export const leadBody = (at: Tenant) => ({
  name: at.name('Ani'),
  phone: `+62 813 ${at.next()}`,
  address: at.name('Jl. Mawar'),
  latitude: -6.3,
  longitude: 107.3,
  service_plan_id: at.the('plan'),
  notes: at.name('rumah baru'),
});
export const addLead = async (at: Tenant): Promise<string> =>
  String((await post(at, 'lead', 'leads', leadBody(at))).id);

export const areaBody = (at: Tenant) => ({
  name: at.name('ODP'),
  geometry: { type: 'Point', coordinates: [107.3, -6.3] },
  radius_m: 300,
});
export const addArea = async (at: Tenant): Promise<string> =>
  String((await post(at, 'area', 'coverage/areas', areaBody(at))).id);

export const keyBody = (at: Tenant) => ({ name: at.name('Pemindai'), scopes: ['customers:read'] });
export const addKey = async (at: Tenant): Promise<string> =>
  String((await post(at, 'api_key', 'api-keys', keyBody(at))).id);

/** Only what is asked for by hand goes there. */
export const endpointBody = (at: Tenant) => ({
  url: `http://127.0.0.1:9/${at.canary}/${at.next()}`,
  description: at.name('aplikasi'),
  event_types: ['ping'],
});
/** A tenant may have a score of endpoints: all but the first make room where that is near. */
export async function makeRoom(at: Tenant): Promise<void> {
  const path = `${api}/webhook-endpoints`;
  const { data } = good(await at.admin({ method: 'GET', path: `${path}?page_size=100` }));
  const ids = (data as readonly { readonly id: string }[])
    .map(({ id }) => id)
    .filter((id) => id !== at.things.get('endpoint'));
  if (ids.length < 12) return;
  for (const id of ids) await at.admin({ method: 'DELETE', path: `${path}/${id}` });
}

export async function addEndpoint(at: Tenant): Promise<string> {
  await makeRoom(at);
  return String((await post(at, 'endpoint', 'webhook-endpoints', endpointBody(at))).id);
}

/** A try of a webhook endpoint. */
export async function addDelivery(at: Tenant): Promise<string> {
  const endpoint = await addEndpoint(at);
  return String((await post(at, 'delivery', `webhook-endpoints/${endpoint}/test`, {})).id);
}

/** A message that could not be sent. */
export async function addMessage(at: Tenant): Promise<string> {
  const { id } = await post(at, 'message', 'messages/test', { to: `ayu${at.next()}@${at.canary}.example` });
  await at.hub.look(`update messages set state = 'failed' where id = $1`, [id]);
  return String(id);
}

/** One of everything that routes name by an id. */
export async function furnish(at: Tenant): Promise<Tenant> {
  await addPlan(at);
  await addNas(at);
  await addCustomer(at);
  await addEvent(at);
  await addIntent(at);
  await addLead(at);
  await addArea(at);
  await addKey(at);
  await addDelivery(at);
  await addMessage(at);
  await addCharge(at);
  await addBankLine(at);
  return at;
}
