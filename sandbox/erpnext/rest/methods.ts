import { draftCreditNote, draftPayment } from '../accounts/drafts.ts';
import { cancelSubscription, processSubscription } from '../accounts/subscription.ts';
import { renameCustomer } from '../lifecycle/remove.ts';
import { insertDocument, updateDocument } from '../lifecycle/save.ts';
import { text } from '../site/document.ts';
import { FrappeError, invalid, notFound } from '../site/frappe-error.ts';
import { isInput } from '../site/new-document.ts';
import type { PythonValue } from '../site/python-json.ts';
import type { Site } from '../site/site.ts';
import { restUser } from './authenticate.ts';
import { countDocuments, listChildRows, listDocuments } from './list.ts';
import { shown } from './resource.ts';
import { type Call, inputParameter, parameter, textParameter } from './rest-call.ts';

type Method = (site: Site, call: Call) => PythonValue;

const doctypeOf = (call: Call): string => textParameter(call.form, 'doctype');

const methods: Readonly<Record<string, Method>> = {
  ping: () => 'pong',
  'frappe.auth.get_logged_user': () => restUser,
  'frappe.utils.change_log.get_versions': () => ({
    frappe: { title: 'Frappe Framework', branch: 'version-15', version: '15.55.1' },
    erpnext: { title: 'ERPNext', branch: 'version-15', version: '15.90.0' },
  }),
  'frappe.client.get_value': getValue,
  'frappe.client.get_count': (site, call) => countDocuments(site, doctypeOf(call), call.form),
  'frappe.client.get_list': (site, call) => {
    const parent = textParameter(call.form, 'parent');
    if (parent !== '' && parent !== doctypeOf(call)) return listChildRows(site, doctypeOf(call), parent, call.form);
    return listDocuments(site, doctypeOf(call), call.form);
  },
  'frappe.client.get': (site, call) => shown(site, site.get(doctypeOf(call), textParameter(call.form, 'name'))),
  'frappe.client.set_value': setValue,
  'frappe.client.insert_many': insertMany,
  'frappe.client.submit': (site, call) => {
    const doc = inputParameter(call.form, 'doc');
    const { doctype, name, ...rest } = doc;
    return shown(
      site,
      site.transact(restUser, (tx) => updateDocument(tx, String(doctype), String(name), { ...rest, docstatus: 1 })),
    );
  },
  'frappe.client.rename_doc': (site, call) => {
    if (doctypeOf(call) !== 'Customer') throw invalid(`${doctypeOf(call)} not allowed to be renamed`);
    const [from, to] = [textParameter(call.form, 'old_name'), textParameter(call.form, 'new_name')];
    return site.transact(restUser, (tx) => renameCustomer(tx, from, to));
  },
  run_doc_method: runDocMethod,
  'erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry': (site, call) =>
    shown(site, draftPayment(site, restUser, { invoice: textParameter(call.form, 'dn') })),
  'erpnext.accounts.doctype.sales_invoice.sales_invoice.make_sales_return': (site, call) =>
    shown(site, draftCreditNote(site, restUser, textParameter(call.form, 'source_name'))),
};

/** `/api/method/<path>`. */
export function callMethod(site: Site, call: Call, path: string): PythonValue {
  const method = methods[path];
  if (!method) throw new FrappeError(417, 'ValidationError', `Failed to get method for command ${path}`);
  return method(site, call);
}

function getValue(site: Site, call: Call): PythonValue {
  const wanted = parameter(call.form, 'fieldname');
  const fields = Array.isArray(wanted) ? wanted.map(String) : [String(wanted ?? 'name')];
  const single = site.settings.singles[doctypeOf(call)];
  if (single) return Object.fromEntries(fields.map((field) => [field, single[field] ?? null]));
  return listDocuments(site, doctypeOf(call), { ...call.form, fields, limit_page_length: 1 })[0] ?? {};
}

/** A real save, with `on_update` and `on_change`. */
function setValue(site: Site, call: Call): PythonValue {
  const fieldname = parameter(call.form, 'fieldname');
  const changes = isInput(fieldname) ? fieldname : { [String(fieldname)]: call.form.value };
  const name = textParameter(call.form, 'name');
  return shown(
    site,
    site.transact(restUser, (tx) => updateDocument(tx, doctypeOf(call), name, changes)),
  );
}

function runDocMethod(site: Site, call: Call): PythonValue {
  const [doctype, name] = [textParameter(call.form, 'dt'), textParameter(call.form, 'dn')];
  const method = textParameter(call.form, 'method');
  const doc = site.get(doctype, name);
  if (doctype !== 'Subscription') throw notFound(doctype, method);
  if (method === 'process') site.transact(restUser, (tx) => processSubscription(tx, doc));
  else if (method === 'cancel_subscription') site.transact(restUser, (tx) => cancelSubscription(tx, name));
  else throw new FrappeError(403, 'PermissionError', `Method ${method} is not allowed`);
  return null;
}

/** One document after the other, with `after_insert` and `on_update` each. */
function insertMany(site: Site, call: Call): PythonValue {
  const docs = parameter(call.form, 'docs');
  if (!Array.isArray(docs)) throw invalid('docs must be a list');
  return docs.filter(isInput).map((doc) => {
    const stored = site.transact(restUser, (tx) => insertDocument(tx, String(doc.doctype), doc));
    return text(stored, 'name');
  });
}
