import { describe, expect, it } from 'vitest';
import { readCustomer } from './customer.ts';
import { loadErpnextMapping } from './mapping.ts';
import { erpnextSettings } from './settings.ts';

const good = { url: 'https://erp.example.com/', api_key: ' k ', api_secret: 's', webhook_secret: ' s3cret' };

describe('settings of ERPNext', () => {
  it('are taken as a person types them', () => {
    const { webhook_secret } = good;
    const value = { url: 'https://erp.example.com', api_key: 'k', api_secret: 's', webhook_secret };
    expect(erpnextSettings.parse(good)).toEqual(value);
  });

  it.each([
    ['url', 'erp.example.com'],
    ['url', 'ftp://erp.example.com'],
    ['url', 'https://erp.example.com/app/home'],
    ['url', 'https://erp.example.com/login'],
    ['url', 'https://user:pw@erp.example.com'],
    ['api_key', '  '],
    ['api_secret', ''],
    ['webhook_secret', ''],
  ])('%s %j is refused', (field, value) => {
    expect(erpnextSettings.safeParse({ ...good, [field]: value }).success).toBe(false);
  });
});

describe('mapping of ERPNext', () => {
  it('the file that is shipped names the fields of the hub', () => {
    expect(loadErpnextMapping().Subscription).toEqual({
      billing_mode: 'jembatan_billing_mode',
      due_day: 'jembatan_due_day',
      username: 'jembatan_username',
      modem_serial: 'jembatan_modem_serial',
      reference: 'jembatan_ref',
    });
  });

  it.each(['', 'Subscription: {}', 'Subscription: { username: "a b" }', '- x'])('%j is no mapping', (text) => {
    expect(() => loadErpnextMapping(text)).toThrow();
  });
});

describe('a customer of ERPNext', () => {
  const fields = { name: 'Budi', modified: 'm', customer_name: 'Budi', disabled: '1' };

  it('has its address as lines of text, and nothing where ERPNext has nothing', () => {
    const primary_address = 'Jl. Mawar 1<br>\nKebon <b>Jeruk</b><br>Jakarta<br><br>\n';
    const read = readCustomer({ ...fields, primary_address, mobile_no: '', email_id: null });
    expect(read).toMatchObject({
      value: { fact: { address: 'Jl. Mawar 1, Kebon Jeruk, Jakarta', phone: null, email: null, disabled: true } },
    });
  });

  it('without a required field is an error that names it', () => {
    const read = readCustomer({ ...fields, disabled: 'maybe' });
    expect(read.ok ? '' : read.error).toContain('Customer Budi: the field disabled');
  });
});
