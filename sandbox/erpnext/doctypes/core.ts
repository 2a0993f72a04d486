import { childTable, doctype } from './doctype.ts';

export const customField = doctype('Custom Field', {
  naming: { joined: ['dt', 'fieldname'] },
  mandatory: ['dt', 'fieldtype'],
  fields: {
    int: `allow_on_submit hidden in_list_view in_standard_filter no_copy permlevel print_hide read_only reqd search_index
      translatable unique`,
    unset: 'default description dt fieldname fieldtype insert_after label module options',
  },
});

const header = childTable('Webhook Header', { unset: 'key value' });

export const webhook = doctype('Webhook', {
  naming: 'given',
  mandatory: ['webhook_doctype', 'webhook_docevent', 'request_url'],
  passwords: ['webhook_secret'],
  tables: { webhook_headers: header },
  emptyTables: 'webhook_data',
  fields: {
    int: 'enable_security is_dynamic_url',
    unset: `background_jobs_queue condition meets_condition request_url webhook_docevent webhook_doctype webhook_json
      webhook_secret`,
    preset: { enabled: 1, request_method: 'POST', request_structure: '', timeout: 5 },
  },
});

export const deletedDocument = doctype('Deleted Document', {
  naming: 'hash',
  fields: { int: 'restored', unset: 'data deleted_doctype deleted_name new_name' },
});

export const company = doctype('Company', {
  naming: { field: 'company_name' },
  mandatory: ['company_name', 'abbr', 'default_currency'],
  fields: {
    unset: `abbr company_name country default_bank_account default_cash_account default_currency
      default_payable_account default_receivable_account cost_center`,
  },
});

/** Its name carries the company's mark: `Cash - FI`. */
export const account = doctype('Account', {
  naming: 'given',
  mandatory: ['account_name', 'company'],
  fields: { int: 'disabled is_group', unset: 'account_name account_type company parent_account root_type' },
});

export const supplier = doctype('Supplier', {
  naming: { field: 'supplier_name' },
  mandatory: ['supplier_name', 'supplier_type'],
  fields: {
    int: 'disabled',
    unset: 'supplier_name',
    preset: { supplier_type: 'Individual', supplier_group: 'Services' },
  },
});

const hasRole = childTable('Has Role', { unset: 'role' });

export const user = doctype('User', {
  naming: { field: 'email' },
  mandatory: ['email', 'first_name'],
  tables: { roles: hasRole },
  fields: { unset: 'email first_name', preset: { enabled: 1 } },
});

const modeAccount = childTable('Mode of Payment Account', { unset: 'company default_account' });

export const modeOfPayment = doctype('Mode of Payment', {
  naming: { field: 'mode_of_payment' },
  mandatory: ['mode_of_payment'],
  tables: { accounts: modeAccount },
  fields: { unset: 'mode_of_payment type', preset: { enabled: 1 } },
});

export const issue = doctype('Issue', {
  naming: { series: 'ISS-.YYYY.-' },
  mandatory: ['subject'],
  links: { customer: 'Customer' },
  fields: { unset: 'customer description raised_by resolution_details subject', preset: { status: 'Open' } },
});

/** Of frappe/hrms, which a site has or has not. */
export const additionalSalary = doctype('Additional Salary', {
  naming: { series: 'HR-ADS-.YYYY.-' },
  submittable: true,
  mandatory: ['employee', 'salary_component', 'company', 'amount', 'currency', 'payroll_date'],
  fields: {
    float: 'amount',
    unset: 'amended_from company currency employee payroll_date ref_docname ref_doctype salary_component',
    preset: { overwrite_salary_structure_amount: 1 },
  },
});

/** Of frappe/hrms as well; the series has the month before the year. */
export const employeeCheckin = doctype('Employee Checkin', {
  naming: { series: 'EMP-CKIN-.YYYY.-' },
  mandatory: ['employee', 'time'],
  fields: {
    float: 'latitude longitude',
    unset: 'attendance device_id employee employee_name log_type shift time',
    preset: { skip_auto_attendance: 0, offshift: 0 },
  },
});
