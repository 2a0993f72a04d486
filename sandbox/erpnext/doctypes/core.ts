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
