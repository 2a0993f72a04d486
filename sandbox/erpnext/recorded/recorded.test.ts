import { describe, expect, it } from 'vitest';
import type { Erpnext } from '../create-erpnext.ts';
import { redump } from '../site/python-json.ts';
import { alice, fiberItem, fiberPlan, heardIsp } from '../small-isp.ts';
import { frappeSignature } from '../webhooks/signature.ts';
import { type RecordingName, recording, recordingNames } from './recording.ts';

/** Fields that only the recorded site had. */
const localAdditions = new Set(['deposit_balance', 'is_customer_deposit', 'exempt_from_sales_tax']);

const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.e+-]*/g;

/** The body with every number replaced by how it is written: `50.0` → "float", `1` → "int". */
const kindsOf = (body: string): unknown =>
  JSON.parse(
    body.replace(tokens, (token) => (token.startsWith('"') ? token : /[.e]/.test(token) ? '"#float"' : '"#int"')),
  );

/** Keys in order with the kind of each value; text and null are one kind, as ERPNext itself mixes them. */
function form(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(form);
  if (value === '#float' || value === '#int') return value;
  if (value === null || typeof value !== 'object') return 'text';
  return Object.entries(value)
    .filter(([key]) => !localAdditions.has(key))
    .map(([key, inner]) => [key, form(inner)]);
}

const withoutOwnFields = (body: string): string =>
  body.replace(/"jembatan_(billing_mode|due_day|username|modem_serial|ref)": [^,]*, /g, '');

const scenes: Readonly<Record<RecordingName, (erp: Erpnext) => void>> = {
  'customer.after_insert': (erp) => erp.createCustomer({ customer_name: 'Bob' }),
  'item.after_insert': (erp) => erp.createItem({ item_code: 'FIBER-20M' }),
  'payment-entry.on_submit': (erp) => erp.pay({ invoice: invoice(erp), amount: 20 }),
  'payment-entry.on_cancel': (erp) => erp.cancelPayment(erp.pay({ invoice: invoice(erp), amount: 30 })),
  'sales-invoice.on_submit.unpaid': (erp) => invoice(erp),
  'sales-invoice.on_change.paid': (erp) => erp.pay({ invoice: invoice(erp) }),
  'sales-invoice.on_cancel': (erp) => erp.cancelInvoice(invoice(erp)),
  'sales-invoice.on_submit.stale-one-post-draft': (erp) =>
    erp.createInvoice({ customer: alice, item: fiberItem, amount: 50, due_date: '2026-11-28', onePost: true }),
  'subscription.after_insert': (erp) => erp.createSubscription({ party: alice, plans: [fiberPlan] }),
  'subscription.on_update.unpaid': (erp) => {
    erp.createSubscription({ party: alice, plans: [fiberPlan] });
    erp.dailyJob();
  },
  'subscription.on_update.cancelled': (erp) =>
    erp.cancelSubscription(erp.createSubscription({ party: alice, plans: [fiberPlan] })),
};

const invoice = (erp: Erpnext): string =>
  erp.createInvoice({ customer: alice, item: fiberItem, amount: 50, due_date: '2026-11-28' });

/** The last body of this event that the stand-in makes when the recorded scene is played on it. */
async function playedBody(name: RecordingName): Promise<string> {
  const now = (): Date => new Date('2026-11-20T17:17:52.037Z');
  const { erp, receiver, stop } = await heardIsp({ now, currency: 'USD' });
  const { event, doctype } = JSON.parse(recording(name).raw_body);
  if (event === 'on_update') addOnUpdate(erp, receiver.url);
  scenes[name](erp);
  await erp.delivered();
  await stop();
  const found = receiver.received
    .map((one) => one.body)
    .filter((body) => {
      const parsed = JSON.parse(body);
      return parsed.event === event && parsed.doctype === doctype;
    });
  return withoutOwnFields(found.at(-1) ?? '{}');
}

const addOnUpdate = (erp: Erpnext, url: string): string =>
  erp.insert('Webhook', {
    webhook_doctype: 'Subscription',
    webhook_docevent: 'on_update',
    request_url: url,
    webhook_json: '{"event": "on_update", "doctype": "Subscription", "doc": {{ doc | json }} }',
  });

describe.each(recordingNames)('%s', (name) => {
  it('the recorded signature is the HMAC of the recorded bytes', () => {
    const { raw_body, secret, headers } = recording(name);
    expect(frappeSignature(secret, raw_body)).toBe(headers['X-Frappe-Webhook-Signature']);
    expect(redump(raw_body)).toBe(raw_body);
  });

  it('the stand-in makes a body of the recorded form: same keys, same order, same floats', async () => {
    const played = await playedBody(name);
    expect(form(kindsOf(played))).toEqual(form(kindsOf(recording(name).raw_body)));
  });

  it('the stand-in says the recorded status, docstatus and outstanding amount', async () => {
    const [played, recorded] = [JSON.parse(await playedBody(name)), JSON.parse(recording(name).raw_body)];
    for (const field of ['docstatus', 'outstanding_amount', 'is_return', 'grand_total', 'unallocated_amount']) {
      expect(played.doc[field]).toBe(recorded.doc[field]);
    }
    // The recorded day was simulated in SQL, so that subscription became unpaid at once.
    if (name !== 'subscription.on_update.unpaid') expect(played.doc.status).toBe(recorded.doc.status);
  });
});
