import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Erpnext } from '../create-erpnext.ts';
import { alice, fiberItem, smallIsp } from '../small-isp.ts';
import { callErpnext, type RestAnswer } from './call-erpnext.ts';

let erp: Erpnext;
beforeEach(async () => {
  erp = await smallIsp();
});
afterEach(() => erp.stop());

const bill = (): string => erp.createInvoice({ customer: alice, item: fiberItem, amount: 50, due_date: '2099-01-01' });
const post = (doctype: string, body: object): Promise<RestAnswer> =>
  callErpnext(erp, `/api/resource/${doctype}`, { method: 'POST', body });
const put = (path: string, body: object): Promise<RestAnswer> =>
  callErpnext(erp, `/api/resource/${path}`, { method: 'PUT', body });
const refusal = ({ status, body }: RestAnswer): unknown[] => [status, body.exc_type];

describe('who may call', () => {
  const user = '/api/method/frappe.auth.get_logged_user';

  it('a token and Basic credentials are both let in', async () => {
    expect((await callErpnext(erp, user)).body).toEqual({ message: 'hub@isp.local' });
    const basic = Buffer.from(`${erp.apiKey}:${erp.apiSecret}`).toString('base64');
    expect((await callErpnext(erp, user, { authorization: `Basic ${basic}` })).status).toBe(200);
  });

  it('a wrong key is 401, none is 403', async () => {
    expect(refusal(await callErpnext(erp, user, { authorization: 'token a:b' }))).toEqual([401, 'AuthenticationError']);
    expect(refusal(await callErpnext(erp, user, { authorization: null }))).toEqual([403, 'PermissionError']);
  });
});

describe('refusals, as ERPNext 15 words them', () => {
  it('a validation error is 417 with its message in JSON texts inside a JSON text', async () => {
    const invoice = bill();
    await put(`Sales Invoice/${invoice}`, { docstatus: 2 });
    const answer = await put(`Sales Invoice/${invoice}`, { remarks: 'x' });
    expect(refusal(answer)).toEqual([417, 'ValidationError']);
    expect(answer.body.exception).toBe('frappe.exceptions.ValidationError: Cannot edit cancelled document');
    const [message] = JSON.parse(String(answer.body._server_messages));
    expect(JSON.parse(message).message).toBe('Cannot edit cancelled document');
  });

  it('a missing document is 404 without `exception`', async () => {
    const answer = await callErpnext(erp, '/api/resource/Customer/Nobody');
    expect(refusal(answer)).toEqual([404, 'DoesNotExistError']);
    expect(answer.body).not.toHaveProperty('exception');
  });

  it('an unknown doctype is 500', async () => {
    expect(refusal(await callErpnext(erp, '/api/resource/Nonesuch'))).toEqual([500, 'ImportError']);
  });

  it('an invoice for an unknown customer, or without lines, is 500 though it will never work', async () => {
    const due_date = '2099-01-01';
    const items = [{ item_code: fiberItem, qty: 1, rate: 50 }];
    expect(refusal(await post('Sales Invoice', { customer: 'Nobody', due_date, items }))).toEqual([
      500,
      'AttributeError',
    ]);
    expect(refusal(await post('Sales Invoice', { customer: alice, due_date }))).toEqual([500, 'TypeError']);
  });

  it.each([
    ['Customer', { customer_type: 'Individual' }, [417, 'MandatoryError']],
    ['Subscription', { party_type: 'Customer', party: 'Nobody', plans: [{ plan: 'x' }] }, [417, 'LinkValidationError']],
    ['Subscription', { party_type: 'Customer', party: alice, plans: [{ plan: 'x' }] }, [417, 'LinkValidationError']],
    ['Item', { item_code: fiberItem, item_group: 'Services' }, [409, 'DuplicateEntryError']],
    [
      'Custom Field',
      { dt: 'Subscription', fieldname: 'jembatan_username', fieldtype: 'Data' },
      [417, 'ValidationError'],
    ],
    [
      'Webhook',
      { webhook_doctype: 'Customer', webhook_docevent: 'on_submit', request_url: 'http://x/' },
      [417, 'ValidationError'],
    ],
    ['Customer', { customer_name: 'Draftless', docstatus: 1 }, [417, 'DocstatusTransitionError']],
  ])('POST %s %j is %j', async (doctype, body, expected) => {
    expect(refusal(await post(doctype, body))).toEqual(expected);
  });

  it('a clash in a unique field is 417, and empty values never clash', async () => {
    await post('Custom Field', { dt: 'Payment Entry', fieldname: 'hub_id', fieldtype: 'Data', unique: 1 });
    const payment = {
      payment_type: 'Receive',
      party_type: 'Customer',
      party: alice,
      paid_to: 'Cash - FI',
      paid_amount: 5,
      received_amount: 5,
    };
    expect((await post('Payment Entry', { ...payment, hub_id: 'a' })).status).toBe(200);
    expect(refusal(await post('Payment Entry', { ...payment, hub_id: 'a' }))).toEqual([417, 'UniqueValidationError']);
    expect((await post('Payment Entry', payment)).status).toBe(200);
    expect((await post('Payment Entry', payment)).status).toBe(200);
  });

  it('an outdated `modified` is 417 TimestampMismatchError; without it the last write wins', async () => {
    const { modified } = erp.get('Customer', alice);
    expect((await put(`Customer/${alice}`, { modified, mobile_no: '1' })).status).toBe(200);
    expect(refusal(await put(`Customer/${alice}`, { modified, mobile_no: '2' }))).toEqual([
      417,
      'TimestampMismatchError',
    ]);
    expect((await put(`Customer/${alice}`, { mobile_no: '3' })).status).toBe(200);
    expect(erp.get('Customer', alice).mobile_no).toBe('3');
  });

  it('a submitted invoice keeps its amounts, and may be submitted again', async () => {
    const invoice = bill();
    expect(refusal(await put(`Sales Invoice/${invoice}`, { due_date: '2099-02-01' }))).toEqual([
      417,
      'UpdateAfterSubmitError',
    ]);
    expect((await put(`Sales Invoice/${invoice}`, { docstatus: 1 })).status).toBe(200);
  });

  it('a payment of more than is owed, or for another customer, is refused and leaves no trace', async () => {
    const invoice = bill();
    erp.createCustomer({ customer_name: 'Bob' });
    const payment = (party: string, allocated_amount: number): object => ({
      payment_type: 'Receive',
      party_type: 'Customer',
      party,
      paid_to: 'Cash - FI',
      paid_amount: 80,
      received_amount: 80,
      docstatus: 1,
      references: [{ reference_doctype: 'Sales Invoice', reference_name: invoice, allocated_amount }],
    });
    expect(refusal(await post('Payment Entry', payment(alice, 60)))).toEqual([417, 'ValidationError']);
    expect(refusal(await post('Payment Entry', payment('Bob', 10)))).toEqual([417, 'ValidationError']);
    expect(erp.get('Sales Invoice', invoice).outstanding_amount).toBe(50);
  });

  it('what others are linked to is not deleted: 417 LinkExistsError', async () => {
    const invoice = bill();
    const remove = (path: string): Promise<RestAnswer> =>
      callErpnext(erp, `/api/resource/${path}`, { method: 'DELETE' });
    expect(refusal(await remove(`Customer/${alice}`))).toEqual([417, 'LinkExistsError']);
    erp.cancelInvoice(invoice);
    expect(refusal(await remove(`Sales Invoice/${invoice}`))).toEqual([417, 'LinkExistsError']);
  });

  it('a misspelt field in a list is refused instead of finding nothing', async () => {
    const path = '/api/resource/Sales Invoice?filters=[["outstandin","=",0]]';
    expect(refusal(await callErpnext(erp, path))).toEqual([417, 'DataError']);
  });

  it('a child table is not listed by itself: 403', async () => {
    expect(refusal(await callErpnext(erp, '/api/resource/Sales Invoice Item'))).toEqual([403, 'PermissionError']);
  });
});
