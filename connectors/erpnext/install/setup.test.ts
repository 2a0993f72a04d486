import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import type { SetupStep, WantedSetup } from '#ports/ledger/setup.ts';
import { createErpnext, type Erpnext, type ErpnextOptions } from '#sandbox/erpnext/create-erpnext.ts';
import { startReceiver } from '#sandbox/erpnext/webhooks/receiver.ts';
import { createErpnextLedger } from '../ledger.ts';
import { createErpnextWebhookSource } from '../webhook-source.ts';

const networks = parseNetworks(['127.0.0.0/8']);
if (!networks.ok) throw new Error(networks.error);
const guard = createAddressGuard({ allow: networks.value, allowPrivate: true });

const wanted: WantedSetup = {
  webhookUrl: 'http://127.0.0.1:9/webhooks/erpnext/alpha',
  webhookSecret: 'x'.repeat(43),
  timeZone: 'Asia/Jakarta',
  billingMode: 'prepaid',
  commissionAccount: 'Commission on Sales',
};

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(options: ErpnextOptions = {}) {
  const site = await createErpnext({ customFields: false, delaysMs: { send: 0, retry1: 1, retry2: 1 }, ...options });
  const { url, apiKey, apiSecret } = site;
  const more = { currency: 'IDR', isCurrencyChosen: true, guard, timeoutMs: 2_000 };
  const ledger = createErpnextLedger({ url, apiKey, apiSecret, ...more });
  open.push(() => ledger.close(), site.stop);
  const { setup } = ledger;
  if (!setup) throw new Error('ERPNext can be set up');
  const run = async (how: 'inspect' | 'install', over: Partial<WantedSetup> = {}): Promise<readonly SetupStep[]> => {
    const steps = await setup[how]({ ...wanted, ...over });
    if (!steps.ok) throw new Error(steps.error.detail);
    return steps.value;
  };
  return { site, ledger, setup, run };
}

const writes = (site: Erpnext): number => site.requests().filter(({ method }) => method !== 'GET').length;
const inState = (steps: readonly SetupStep[], ...states: readonly SetupStep['state'][]): readonly string[] =>
  steps.filter(({ state }) => states.includes(state)).map(({ of }) => of);

describe('jembatan erpnext install', () => {
  it('L1: on a fresh site it makes every field and webhook; a second run, and every look, writes nothing', async () => {
    const { site, run } = await start();
    const before = await run('inspect');
    expect(writes(site)).toBe(0);
    const lacking = inState(before, 'missing');
    expect(lacking.filter((of) => of.startsWith('field '))).toHaveLength(10);
    expect(lacking.filter((of) => of.startsWith('webhook '))).toHaveLength(18);
    const made = await run('install');
    expect(inState(made, 'made')).toEqual(lacking);
    expect(inState(made, 'missing', 'todo', 'advice')).toEqual([]);
    const written = writes(site);
    expect(written).toBe(lacking.length);
    expect(inState(await run('install'), 'made', 'missing', 'todo')).toEqual([]);
    expect(inState(await run('inspect'), 'made', 'missing', 'todo')).toEqual([]);
    expect(writes(site)).toBe(written);
  });

  it('what it made can be used: the test of the connection has nothing to remark, and a push finds its fields', async () => {
    const { site, ledger, run } = await start();
    await run('install');
    expect(await ledger.test()).toMatchObject({ ok: true, value: { notes: [] } });
    const customer = site.createCustomer({ customer_name: 'Ani' });
    const pushed = await ledger.push?.recordPayment({
      ...{ hubRef: 'p-1', customer, amount: 5n, method: 'cash', paidOn: '2026-11-21', reference: '-', invoice: null },
    });
    expect(pushed).toMatchObject({ ok: true });
  });

  it('its webhooks are signed with the secret, tell of every value, and are mended when somebody bent them', async () => {
    const { site, run } = await start();
    const receiver = await startReceiver();
    open.push(receiver.stop);
    await run('install', { webhookUrl: receiver.url });
    site.createCustomer({ customer_name: 'Toko "Añu"\n/ Barat' });
    await site.delivered();
    const [told] = receiver.received;
    const source = createErpnextWebhookSource();
    const body = Buffer.from(told?.body ?? '');
    expect(source.verify(body, new Headers(told?.headers as Record<string, string>), [wanted.webhookSecret])).toBe(0);
    expect(source.parse(body)).toMatchObject({ ok: true, value: { event: 'after_insert', doctype: 'Customer' } });

    const [hook] = ['Jembatan', receiver.url.split('/').at(-1), 'Customer after_insert'].join(' ').match(/.*/) ?? [''];
    site.update('Webhook', hook, { condition: 'doc.total > 1', enabled: 0 });
    expect(inState(await run('inspect', { webhookUrl: receiver.url }), 'missing')).toEqual([
      'webhook Customer after_insert',
    ]);
    expect(inState(await run('install', { webhookUrl: receiver.url }), 'made')).toEqual([
      'webhook Customer after_insert',
    ]);
    expect(site.get('Webhook', hook)).toMatchObject({ enabled: 1 });
  });

  it('another secret, or another address of the hub, is told to every webhook, and none is doubled', async () => {
    const { site, run } = await start();
    await run('install');
    for (const over of [
      { webhookSecret: 'y'.repeat(43) },
      { webhookUrl: 'http://127.0.0.1:10/webhooks/erpnext/alpha' },
    ]) {
      expect(inState(await run('install', over), 'made')).toHaveLength(18);
      expect(inState(await run('inspect', over), 'missing')).toEqual([]);
    }
    const count = site.requests().filter(({ method, path }) => method === 'POST' && path.endsWith('/Webhook')).length;
    expect(count).toBe(18);
  });

  it('fields made by hand are kept; what only a person can mend is told, in words', async () => {
    const { site, run } = await start();
    site.insert('Custom Field', { dt: 'Customer', fieldname: 'jembatan_ref', fieldtype: 'Data' });
    site.insert('Custom Field', { dt: 'Subscription', fieldname: 'jembatan_due_day', fieldtype: 'Data' });
    const steps = await run('install');
    expect(steps.find(({ of }) => of === 'field Customer.jembatan_ref')).toMatchObject({ state: 'made' });
    expect(site.get('Custom Field', 'Customer-jembatan_ref')).toMatchObject({ unique: 1 });
    expect(inState(steps, 'todo')).toEqual(['field Subscription.jembatan_due_day']);
  });

  it('R4: it tells of another zone, a scheduler that is off, missing roles, and of prepaid bills that come too late', async () => {
    const { site, run } = await start({
      ...{ timeZone: 'Asia/Kolkata', scheduler: false, roles: ['System Manager'] },
      ...{ payroll: true, customFields: true },
    });
    const customer = site.createCustomer({ customer_name: 'Ani' });
    site.createItem({ item_code: 'FIBER' });
    const plan = site.createPlan({ name: 'P', item: 'FIBER', cost: 150_000 });
    const late = site.createSubscription({ party: customer, plans: [plan] });
    const inTime = { generate_invoice_at: 'Days before the current subscription period', number_of_days: 7 };
    site.createSubscription({ party: customer, plans: [plan], ...inTime, generate_new_invoices_past_due_date: 1 });
    const steps = await run('inspect');
    expect(inState(steps, 'todo')).toEqual(['time zone', 'scheduler']);
    expect(inState(steps, 'advice')).toEqual(['permissions', 'permissions', 'subscriptions', 'subscriptions']);
    const told = steps.filter(({ of }) => of === 'subscriptions').map(({ words }) => words);
    expect(told).toEqual([expect.stringContaining(late), expect.stringContaining('1 Subscriptions')]);
    const ofHr = ['Additional Salary', 'Employee Checkin'].map((doctype) => `field ${doctype}.jembatan_ref`);
    expect(inState(steps, 'there')).toEqual(expect.arrayContaining(ofHr));
  });

  it('a site that cannot be looked at is a failure, and nothing is written', async () => {
    const { site, setup } = await start();
    site.nonsense('503');
    expect(await setup.install(wanted)).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
    site.nonsense(null);
    expect(writes(site)).toBe(0);
  });
});
