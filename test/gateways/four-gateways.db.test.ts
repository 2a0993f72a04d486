import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { GatewayName } from '#domain/charge.ts';
import { startDuitku } from '#sandbox/gateways/duitku.ts';
import { startMidtrans } from '#sandbox/gateways/midtrans.ts';
import type { GatewayStandIn, SentCallback } from '#sandbox/gateways/stand-in.ts';
import { startTripay } from '#sandbox/gateways/tripay.ts';
import { startXendit } from '#sandbox/gateways/xendit.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { type Office, type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';

type Charge = { readonly id: string; readonly state: string; readonly payment_id: string | null };

const merchant = { environment: 'sandbox', email: 'billing@satu.net' };
const secret = 'Rahasia-Gerbang-4711';
const accounts: Readonly<Record<GatewayName, { start: () => Promise<GatewayStandIn>; form: object }>> = {
  midtrans: { start: () => startMidtrans(secret), form: { environment: 'sandbox', server_key: secret } },
  xendit: { start: () => startXendit('key', secret), form: { secret_key: 'key', callback_token: secret } },
  tripay: {
    start: () => startTripay({ merchantCode: 'T1', apiKey: 'key', privateKey: secret }),
    form: { ...merchant, merchant_code: 'T1', api_key: 'key', private_key: secret },
  },
  duitku: {
    start: () => startDuitku('D1', secret),
    form: { ...merchant, merchant_code: 'D1', api_key: secret, qris: 'SP' },
  },
};
const names = ['midtrans', 'xendit', 'tripay', 'duitku'] as const;

let hub: RunningHub;
let office: Office;
const shops = new Map<GatewayName, GatewayStandIn>();

const shopOf = (name: GatewayName): GatewayStandIn => {
  const shop = shops.get(name);
  if (!shop) throw new Error(`${name} is closed`);
  return shop;
};
async function deliver(name: string, { body, headers }: SentCallback, subdomain = office.subdomain): Promise<Response> {
  return fetch(`${hub.url}/webhooks/payments/${name}/${subdomain}`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
}
/** A customer with an open bill of 150,000, and a charge of it. */
async function charge(gateway: GatewayName): Promise<Charge> {
  const { admin } = office;
  const plan = await admin.post<{ id: string }>('service-plans', {
    name: `Home ${gateway} ${Math.random()}`,
    speed_download: 10,
    speed_upload: 5,
    price: 150_000,
  });
  const customer = await admin.post<{ id: string }>('customers', {
    name: 'Budi',
    phone: '+62 812 3456 7890',
    address: 'Jl. Melati',
    service_plan_id: plan.id,
  });
  const { id } = await admin.post<{ id: string }>('invoices', {
    customer_id: customer.id,
    lines: [{ description: 'Internet', quantity: 1, unit_price: 150_000 }],
  });
  return admin.post<Charge>(`invoices/${id}/charges`, { method: 'qris', gateway });
}
const settled = (id: string, state: string): Promise<Charge> =>
  eventually(
    () => office.admin.get<Charge>(`charges/${id}`),
    (one) => one.state === state,
  );
const events = () => hub.look<{ count: string }>('select count(*)::text as count from gateway_events');

beforeAll(async () => {
  const postgresUrl = inject('postgresUrl');
  hub = await startRunningHub({ postgresUrl, flavor: 'postgres', radiusServerUrl: postgresUrl });
  office = await hub.addOffice('satu');
  for (const name of names) {
    const shop = await accounts[name].start();
    shops.set(name, shop);
    await office.admin.put(`connections/${name}`, { ...accounts[name].form, url: shop.url });
  }
});
afterAll(async () => {
  await hub.close();
  for (const shop of shops.values()) await shop.close();
});

describe.each(names)('L5: %s', (name) => {
  it('charge, callback, payment; doubled and late callbacks are taken and change nothing', async () => {
    expect(await office.admin.post(`connections/${name}/test`)).toMatchObject({ ok: true });
    const shop = shopOf(name);
    const { id, state } = await charge(name);
    expect(state).toBe('open');
    shop.pay(id);
    const paid = shop.callback(id);
    const told = await deliver(name, paid);
    expect([told.status, await told.json()]).toEqual([200, { success: true }]);
    const { payment_id } = await settled(id, 'paid');
    expect(payment_id).toBeTruthy();
    const before = await events();
    expect((await deliver(name, paid)).status).toBe(200);
    expect(await events()).toEqual(before);
    expect((await deliver(name, shop.callbackAs(id, 'expired'))).status).toBe(200);
    expect(await settled(id, 'paid')).toMatchObject({ payment_id });
    const payments = await hub.look('select amount::text, status from payments where reference like $1', [`${name} %`]);
    expect(payments).toEqual([{ amount: '150000', status: 'paid' }]);
  });

  it('SEC-6: what is not signed is 401 and not kept, as is what is sent to nobody’s address', async () => {
    const shop = shopOf(name);
    const { id } = shop.sell({ id: `shop-${name}`, amount: 1n, method: 'qris' });
    const genuine = shop.callbackAs(id, 'paid');
    const text = genuine.body.toString();
    const wrong = text.includes('signature=')
      ? text.replace(/signature=./, 'signature=x')
      : text.replace(/"(.{30})/, '"x$1');
    const headers = Object.fromEntries(
      Object.entries(genuine.headers).map(([key, value]) => [key, key.startsWith('x-') ? `${value}0` : value]),
    );
    const before = await events();
    expect((await deliver(name, { body: Buffer.from(wrong), headers })).status).toBe(401);
    expect((await deliver(name, genuine, 'nobody')).status).toBe(401);
    expect(await events()).toEqual(before);
    // Of the account's other business: signed, kept, and nothing to do with the hub.
    expect((await deliver(name, genuine)).status).toBe(200);
  });
});

describe('the door of payment gateways', () => {
  it('takes 1 MB at most, knows four names, and says 403 for a tenant that is off', async () => {
    const large = { body: Buffer.alloc(1_048_577, 'x'), headers: {} };
    expect((await deliver('midtrans', large)).status).toBe(413);
    expect((await deliver('paypal', large)).status).toBe(404);
    const shop = shopOf('midtrans');
    const { id } = shop.sell({ id: 'shop-off', amount: 1n, method: 'qris' });
    await hub.platform.patch(`tenants/${office.tenantId}`, { is_active: false });
    const off = await eventually(
      () => deliver('midtrans', shop.callback(id)),
      ({ status }) => status !== 200,
    );
    expect(off.status).toBe(403);
    await hub.platform.patch(`tenants/${office.tenantId}`, { is_active: true });
  });
});
