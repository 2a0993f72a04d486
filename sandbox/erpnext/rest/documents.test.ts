import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Erpnext } from '../create-erpnext.ts';
import { alice, fiberItem, fiberPlan, smallIsp } from '../small-isp.ts';
import { callErpnext, listPath, type RestAnswer } from './call-erpnext.ts';

let erp: Erpnext;
beforeEach(async () => {
  erp = await smallIsp();
});
afterEach(() => erp.stop());

const get = (path: string): Promise<RestAnswer> => callErpnext(erp, path);
const rowsOf = async (doctype: string, parameters: Record<string, unknown> = {}): Promise<Record<string, unknown>[]> =>
  (await get(listPath(doctype, parameters))).body.data as Record<string, unknown>[];
const bill = (amount: number, due_date = '2099-01-01'): string =>
  erp.createInvoice({ customer: alice, item: fiberItem, amount, due_date });

describe('documents', () => {
  it('are created, changed, submitted, cancelled and deleted by REST', async () => {
    const items = [{ item_code: fiberItem, qty: 1, rate: 150_000 }];
    const draft = { customer: alice, due_date: '2099-01-01', items };
    const created = await callErpnext(erp, '/api/resource/Sales Invoice', { method: 'POST', body: draft });
    const { name } = created.body.data as { name: string };
    expect(name).toMatch(/^ACC-SINV-\d{4}-00001$/);
    const put = (body: object): Promise<RestAnswer> =>
      callErpnext(erp, `/api/resource/Sales%20Invoice/${name}`, { method: 'PUT', body });
    expect((await put({ remarks: 'November' })).body.data).toMatchObject({ remarks: 'November', docstatus: 0 });
    expect((await put({ docstatus: 1 })).body.data).toMatchObject({ status: 'Unpaid', outstanding_amount: 150_000 });
    expect((await put({ docstatus: 2 })).body.data).toMatchObject({ status: 'Cancelled' });
    const deleted = await callErpnext(erp, `/api/resource/Item/${fiberItem}`, { method: 'DELETE' });
    expect([deleted.status, deleted.body]).toEqual([202, { data: 'ok' }]);
    expect(await rowsOf('Deleted Document', { fields: ['deleted_doctype', 'deleted_name'] })).toEqual([
      { deleted_doctype: 'Item', deleted_name: fiberItem },
    ]);
  });

  it('show money as floats and unset fields as null or empty text', async () => {
    const { text } = await get(`/api/resource/Sales Invoice/${bill(50)}`);
    expect(text).toContain('"outstanding_amount":50.0,');
    expect(text).toContain('"is_return":0,');
    expect(text).toContain('"po_no":"",');
    expect(text).toContain('"subscription":null,');
    expect(text).not.toContain('__unsaved');
  });

  it('keep microseconds, naive, in the site’s zone', async () => {
    const [row] = await rowsOf('Customer', { fields: ['modified'] });
    expect(row?.modified).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    const zone = await get('/api/method/frappe.client.get_value?doctype=System Settings&fieldname=["time_zone"]');
    expect(zone.body).toEqual({ message: { time_zone: 'Asia/Jakarta' } });
  });

  it('are named with odd characters, and the second of one name is counted', async () => {
    expect(erp.createCustomer({ customer_name: 'Toko A/ñ "1"' })).toBe('Toko A/ñ "1"');
    expect(erp.createCustomer({ customer_name: 'Toko A/ñ "1"' })).toBe('Toko A/ñ "1" - 1');
    const { body } = await get(`/api/resource/Customer/${encodeURIComponent('Toko A/ñ "1"')}`);
    expect(body.data).toMatchObject({ customer_name: 'Toko A/ñ "1"' });
  });

  it('drop fields that the site does not know, until a Custom Field makes them known', async () => {
    const post = (doctype: string, body: object): Promise<RestAnswer> =>
      callErpnext(erp, `/api/resource/${doctype}`, { method: 'POST', body });
    expect((await post('Customer', { customer_name: 'A', hub_fee: 5 })).body.data).not.toHaveProperty('hub_fee');
    const field = await post('Custom Field', { dt: 'Customer', fieldname: 'hub_fee', fieldtype: 'Currency' });
    expect(field.body.data).toMatchObject({ name: 'Customer-hub_fee' });
    expect((await post('Customer', { customer_name: 'B', hub_fee: 5 })).text).toContain('"hub_fee":5.0');
    expect((await get('/api/resource/Customer/A')).text).toContain('"hub_fee":0.0');
  });

  it('a webhook’s secret reads back as asterisks', async () => {
    erp.addWebhooks({ url: 'http://127.0.0.1:9/x', secret: 'hidden', doctypes: ['Customer'] });
    const { text } = await get(listPath('Webhook', { fields: ['webhook_secret', 'request_url'] }));
    expect(text).toContain('******');
    expect(text).not.toContain('hidden');
  });
});

describe('lists', () => {
  it('give the name only, and twenty rows, unless more is asked for', async () => {
    for (let index = 0; index < 25; index += 1) erp.createCustomer({ customer_name: `C${index}` });
    const first = await rowsOf('Customer');
    expect(first).toHaveLength(20);
    expect(Object.keys(first[0] ?? {})).toEqual(['name']);
    expect(await rowsOf('Customer', { limit_page_length: 0 })).toHaveLength(26);
    expect(await rowsOf('Customer', { limit: 7 })).toHaveLength(7);
  });

  it('every document is on exactly one page when paged by modified and name', async () => {
    for (let index = 0; index < 23; index += 1) bill(1000 + index);
    const seen: unknown[] = [];
    for (let start = 0; ; start += 5) {
      const page = { order_by: 'modified asc,name asc', limit_start: start, limit_page_length: 5 };
      const rows = await rowsOf('Sales Invoice', page);
      seen.push(...rows.map((row) => row.name));
      if (rows.length < 5) break;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toHaveLength(23);
  });

  it.each([
    [[['outstanding_amount', '>', 0]], 2],
    [[['outstanding_amount', '=', 0]], 1],
    [[['status', 'in', ['Paid', 'Unpaid']]], 2],
    [[['status', 'not in', 'Paid, Overdue']], 1],
    [{ status: 'paid' }, 1],
    [{ grand_total: ['between', [150, 250]] }, 1],
    [[['subscription', 'is', 'not set']], 3],
    [[['customer', 'like', '%fiber']], 3],
    [[['customer', 'not like', 'alice%']], 0],
    [[['Sales Invoice', 'docstatus', '!=', 2]], 3],
    [[['Sales Invoice Item', 'item_code', '=', fiberItem]], 3],
    [
      [
        ['due_date', '<', '2098-01-01'],
        ['is_return', '=', '0'],
      ],
      1,
    ],
    [[['modified', '>=', '2000-01-01']], 3],
  ])('filters %j find %i', async (filters, count) => {
    bill(100);
    erp.pay({ invoice: bill(200) });
    bill(300, '2020-01-01');
    expect(await rowsOf('Sales Invoice', { filters, limit_page_length: 0 })).toHaveLength(count);
    const counted = await get(
      `/api/method/frappe.client.get_count?doctype=Sales Invoice&filters=${JSON.stringify(filters)}`,
    );
    expect(counted.body).toEqual({ message: count });
  });

  it('or_filters need one to hold', async () => {
    bill(100);
    erp.pay({ invoice: bill(200) });
    const or_filters = [
      ['status', '=', 'Paid'],
      ['grand_total', '=', 100],
    ];
    expect(await rowsOf('Sales Invoice', { or_filters })).toHaveLength(2);
    expect(await rowsOf('Sales Invoice', { or_filters, filters: { status: 'Paid' } })).toHaveLength(1);
  });

  it('a child table’s column gives one row per child', async () => {
    const invoices = [bill(100), bill(200)];
    const payment = erp.advance({ customer: alice, amount: 250 });
    for (const invoice of invoices) erp.allocate({ payment, invoice });
    erp.advance({ customer: alice, amount: 5 });
    const fields = ['name', 'unallocated_amount', 'references.reference_name', 'references.allocated_amount'];
    const rows = await rowsOf('Payment Entry', { fields, order_by: 'name asc' });
    expect(rows.map((row) => [row.reference_name, row.allocated_amount])).toEqual([
      [invoices[0], 100],
      [invoices[1], 150],
      [null, null],
    ]);
  });

  it('child rows are listed through their parent', async () => {
    bill(100);
    const query = 'doctype=Sales Invoice Item&parent=Sales Invoice&fields=["item_code","rate"]&filters={"rate":100}';
    const answer = await get(`/api/method/frappe.client.get_list?${query}`);
    expect(answer.text).toBe(`{"message":[{"item_code":"${fiberItem}","rate":100.0}]}`);
  });
});

describe('methods', () => {
  it('draft a payment and a credit note that can be posted back', async () => {
    const invoice = bill(100);
    const method = 'erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry';
    const drafted = await get(`/api/method/${method}?dt=Sales Invoice&dn=${invoice}`);
    const body = { ...(drafted.body.message as object), docstatus: 1 };
    expect((await callErpnext(erp, '/api/resource/Payment Entry', { method: 'POST', body })).status).toBe(200);
    expect(erp.get('Sales Invoice', invoice)).toMatchObject({ status: 'Paid', outstanding_amount: 0 });
  });

  it('cancel a subscription, and set a value', async () => {
    const name = erp.createSubscription({ party: alice, plans: [fiberPlan] });
    const post = (path: string, body: object): Promise<RestAnswer> =>
      callErpnext(erp, `/api/method/${path}`, { method: 'POST', body });
    await post('run_doc_method', { dt: 'Subscription', dn: name, method: 'cancel_subscription' });
    expect(erp.get('Subscription', name).status).toBe('Cancelled');
    await post('frappe.client.set_value', {
      doctype: 'Subscription',
      name,
      fieldname: 'jembatan_username',
      value: 'u1',
    });
    expect(erp.get('Subscription', name).jembatan_username).toBe('u1');
  });

  it('tell the versions', async () => {
    const { body } = await get('/api/method/frappe.utils.change_log.get_versions');
    expect(body.message).toMatchObject({ frappe: { version: '15.55.1' } });
  });
});

it('every call is in the log, so that fetches can be counted', async () => {
  await rowsOf('Customer', { filters: { disabled: 0 } });
  await get(`/api/resource/Customer/${alice}`);
  expect(erp.requests().map(({ method, path, query }) => [method, path, query])).toEqual([
    ['GET', '/api/resource/Customer', { filters: '{"disabled":0}' }],
    ['GET', `/api/resource/Customer/${alice}`, {}],
  ]);
});
