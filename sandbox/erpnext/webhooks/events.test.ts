import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice, fiberItem, fiberPlan, type HeardIsp, heardIsp, hookSecret } from '../small-isp.ts';
import { bodyTemplate } from './body-template.ts';
import { frappeSignature } from './signature.ts';

let isp: HeardIsp;
beforeEach(async () => {
  isp = await heardIsp();
});
afterEach(() => isp.stop());

/** Every event of these doctypes is registered, not only those that the hub asks for. */
function hearEverything(doctype: string): void {
  const usual = ['after_insert', 'on_update', 'on_submit', 'on_cancel', 'on_trash', 'on_change'];
  for (const event of usual) {
    if (['on_submit', 'on_cancel'].includes(event) && ['Customer', 'Subscription'].includes(doctype)) continue;
    isp.erp.insert('Webhook', {
      webhook_doctype: doctype,
      webhook_docevent: event,
      request_url: `${isp.receiver.url}/all`,
      webhook_json: bodyTemplate(event, doctype),
    });
  }
}

type Heard = { event: string; doctype: string; doc: Record<string, unknown> };

const heard = (where: '/hook' | '/hook/all'): Heard[] =>
  isp.receiver.received.filter((one) => one.path === where).map((one) => JSON.parse(one.body));

async function eventsOf(act: () => void): Promise<string[]> {
  await isp.erp.delivered();
  const before = heard('/hook/all').length;
  act();
  await isp.erp.delivered();
  return heard('/hook/all')
    .slice(before)
    .map(({ event, doctype }) => `${doctype} ${event}`)
    .sort();
}

const bill = (options: object = {}): string =>
  isp.erp.createInvoice({ customer: alice, item: fiberItem, amount: 50, due_date: '2099-01-01', ...options });

describe('what fires', () => {
  it('an invoice: draft, submit in two steps, update after submit, cancel', async () => {
    hearEverything('Sales Invoice');
    let name = '';
    expect(
      await eventsOf(() => {
        name = bill({ submit: false });
      }),
    ).toEqual(['Sales Invoice after_insert', 'Sales Invoice on_update']);
    expect(await eventsOf(() => isp.erp.update('Sales Invoice', name, { remarks: 'x' }))).toEqual([
      'Sales Invoice on_change',
      'Sales Invoice on_update',
    ]);
    expect(await eventsOf(() => isp.erp.submit('Sales Invoice', name))).toEqual([
      'Sales Invoice on_change',
      'Sales Invoice on_submit',
      'Sales Invoice on_update',
    ]);
    expect(await eventsOf(() => isp.erp.update('Sales Invoice', name, { remarks: 'y' }))).toEqual([
      'Sales Invoice on_change',
    ]);
    expect(await eventsOf(() => isp.erp.cancelInvoice(name))).toEqual([
      'Sales Invoice on_cancel',
      'Sales Invoice on_change',
    ]);
  });

  it('a payment: its own events and the invoice’s on_change, at submit and at cancel', async () => {
    hearEverything('Sales Invoice');
    hearEverything('Payment Entry');
    const invoice = bill();
    let payment = '';
    const paid = await eventsOf(() => {
      payment = isp.erp.pay({ invoice });
    });
    expect(paid.filter((event) => event.startsWith('Sales Invoice'))).toEqual(['Sales Invoice on_change']);
    expect(paid).toContain('Payment Entry on_submit');
    expect(await eventsOf(() => isp.erp.cancelPayment(payment))).toEqual([
      'Payment Entry on_cancel',
      'Payment Entry on_change',
      'Sales Invoice on_change',
    ]);
  });

  it('reconciling an advance: on_change of both', async () => {
    hearEverything('Sales Invoice');
    hearEverything('Payment Entry');
    const invoice = bill();
    const payment = isp.erp.advance({ customer: alice, amount: 50 });
    expect(await eventsOf(() => isp.erp.allocate({ payment, invoice }))).toEqual([
      'Payment Entry on_change',
      'Sales Invoice on_change',
    ]);
  });

  it('the daily job: nothing of the invoice that becomes overdue, noise of every living subscription', async () => {
    hearEverything('Sales Invoice');
    hearEverything('Subscription');
    const living = isp.erp.createSubscription({ party: alice, plans: [fiberPlan] });
    isp.erp.cancelSubscription(isp.erp.createSubscription({ party: alice, plans: [fiberPlan] }));
    bill({ subscription: living });
    expect(await eventsOf(() => isp.erp.dailyJob())).toEqual(['Subscription on_change', 'Subscription on_update']);
  });

  it('a customer renamed shows the new name only; deleted, on_trash and on_change', async () => {
    hearEverything('Customer');
    bill();
    expect(await eventsOf(() => isp.erp.renameCustomer(alice, 'Alice Baru'))).toEqual(['Customer on_change']);
    expect(JSON.stringify(heard('/hook/all').at(-1)?.doc.name)).toBe('"Alice Baru"');
    const name = isp.erp.createCustomer({ customer_name: 'Bob' });
    expect(await eventsOf(() => isp.erp.remove('Customer', name))).toEqual(['Customer on_change', 'Customer on_trash']);
  });

  it('nothing of what is done quietly', async () => {
    hearEverything('Customer');
    expect(
      await eventsOf(() => void isp.erp.quiet(() => isp.erp.createCustomer({ customer_name: 'Imported' }))),
    ).toEqual([]);
    expect(await eventsOf(() => void isp.erp.createCustomer({ customer_name: 'Loud' }))).toHaveLength(2);
  });

  it('a failed save fires nothing', async () => {
    hearEverything('Customer');
    expect(await eventsOf(() => expect(() => isp.erp.createCustomer({ customer_name: '' })).toThrow())).toEqual([]);
  });
});

describe('the one-POST invoice', () => {
  it('sends the truth as on_change, and after it an older on_submit that says Draft and 0.0', async () => {
    const name = bill({ onePost: true });
    await isp.erp.delivered();
    const told = heard('/hook').map(({ event, doc }) => [event, doc.status, doc.outstanding_amount]);
    expect(told).toEqual([
      ['on_change', 'Unpaid', 50],
      ['on_submit', 'Draft', 0],
    ]);
    const [truth, stale] = heard('/hook').map(({ doc }) => String(doc.modified));
    expect(String(stale) < String(truth)).toBe(true);
    expect(isp.erp.get('Sales Invoice', name)).toMatchObject({ status: 'Unpaid', outstanding_amount: 50 });
    const late = isp.erp.deliveries().find(({ event }) => event === 'on_submit');
    expect(Number(late?.tries[0]?.at) - Number(late?.queuedAt)).toBeGreaterThan(50);
  });
});

it('one document shows its time with and without the leading zero', async () => {
  const early = await heardIsp({ now: () => new Date('2026-11-20T17:17:52.037Z') });
  const invoice = early.erp.createInvoice({ customer: alice, item: fiberItem, amount: 50, due_date: '2026-11-28' });
  early.erp.pay({ invoice });
  await early.erp.delivered();
  const told = early.receiver.received.map(({ body }) => JSON.parse(body) as Heard);
  await early.stop();
  const times = told.filter(({ doctype }) => doctype === 'Sales Invoice').map(({ doc }) => String(doc.posting_time));
  expect(times[0]).toMatch(/^00:17:52\.037\d{3}$/);
  expect(times.at(-1)).toBe(times[0]?.slice(1));
});

describe('a request', () => {
  it('SEC-7: carries the signature over its raw bytes, no content type, and the headers of python-requests', async () => {
    isp.erp.createCustomer({ customer_name: 'Toko Añu' });
    await isp.erp.delivered();
    const one = isp.receiver.received[0];
    expect(one?.method).toBe('POST');
    expect(one?.headers['x-frappe-webhook-signature']).toBe(frappeSignature(hookSecret, one?.body ?? ''));
    expect(one?.headers).toMatchObject({
      'user-agent': 'python-requests/2.28.1',
      'accept-encoding': 'gzip, deflate',
      accept: '*/*',
      connection: 'keep-alive',
      'content-length': String(one?.body.length),
    });
    expect(one?.headers).not.toHaveProperty('content-type');
    expect(one?.body).toContain('"customer_name": "Toko A\\u00f1u"');
  });
});
