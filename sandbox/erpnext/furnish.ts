import { payroll } from './doctypes/catalogue.ts';
import { insertDocument } from './lifecycle/save.ts';
import { restUser } from './rest/authenticate.ts';
import type { Input } from './site/document.ts';
import type { Site } from './site/site.ts';

const reference = { fieldname: 'jembatan_ref', label: 'Hub Reference', fieldtype: 'Data', unique: 1, no_copy: 1 };

/** The hub's custom fields, by doctype, as its installation makes them. */
const hubFields: Readonly<Record<string, readonly Input[]>> = {
  Subscription: [
    { fieldname: 'jembatan_billing_mode', label: 'Billing Mode', fieldtype: 'Select', options: '\nprepaid\npostpaid' },
    { fieldname: 'jembatan_due_day', label: 'Due Day', fieldtype: 'Int' },
    { fieldname: 'jembatan_username', label: 'PPPoE Username', fieldtype: 'Data', unique: 1, no_copy: 1, read_only: 1 },
    { fieldname: 'jembatan_modem_serial', label: 'Modem Serial', fieldtype: 'Data', no_copy: 1 },
    reference,
  ],
  Customer: [reference],
  'Sales Invoice': [reference],
  'Payment Entry': [reference],
  'Journal Entry': [reference],
  Issue: [reference],
  'Additional Salary': [reference],
  'Employee Checkin': [reference],
};

const insert = (site: Site, doctype: string, document: Input): void =>
  void site.transact('Administrator', (tx) => insertDocument(tx, doctype, document));

/** Of the standard chart, as far as the hub has to do with it. */
const chart: readonly Input[] = [
  { account_name: 'Cash', account_type: 'Cash', root_type: 'Asset' },
  { account_name: 'Bank', account_type: 'Bank', root_type: 'Asset' },
  { account_name: 'Debtors', account_type: 'Receivable', root_type: 'Asset' },
  { account_name: 'Creditors', account_type: 'Payable', root_type: 'Liability' },
  { account_name: 'Indirect Expenses', is_group: 1, root_type: 'Expense' },
  { account_name: 'Commission on Sales', root_type: 'Expense' },
];

/** The one company of the site, and how it is paid. */
export function furnishCompany(site: Site): void {
  const { company, abbreviation: abbr, currency } = site.settings;
  const cash = `Cash - ${abbr}`;
  const accounts = {
    default_cash_account: cash,
    default_bank_account: `Bank - ${abbr}`,
    default_receivable_account: `Debtors - ${abbr}`,
    default_payable_account: `Creditors - ${abbr}`,
    cost_center: `Main - ${abbr}`,
  };
  insert(site, 'Company', { company_name: company, abbr, default_currency: currency, ...accounts });
  for (const one of chart) insert(site, 'Account', { name: `${one.account_name} - ${abbr}`, company, ...one });
  const paidIn = [{ company, default_account: cash }];
  insert(site, 'Mode of Payment', { mode_of_payment: 'Cash', type: 'Cash', accounts: paidIn });
  // As on a fresh site: there, and without an account.
  insert(site, 'Mode of Payment', { mode_of_payment: 'Wire Transfer', type: 'Bank' });
}

/** The user that the hub's key belongs to. */
export function furnishUser(site: Site, roles: readonly string[]): void {
  insert(site, 'User', { email: restUser, first_name: 'Hub', roles: roles.map((role) => ({ role })) });
}

export function installHubFields(site: Site): void {
  for (const [dt, fields] of Object.entries(hubFields)) {
    if (payroll.some(({ name }) => name === dt) && !site.settings.hasPayroll) continue;
    for (const field of fields) insert(site, 'Custom Field', { dt, ...field });
  }
}
