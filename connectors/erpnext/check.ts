import { z } from 'zod';
import type { Currency } from '#domain/money.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { LedgerCheck, LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient } from './client.ts';
import { deciding } from './doctypes.ts';
import { forEach } from './each.ts';
import { listFields } from './install/custom-fields.ts';
import { payrollDoctypes, wantedFields } from './install/wanted-fields.ts';
import { invoiceDoctype } from './invoice.ts';
import { journalDoctype } from './journal.ts';
import type { ErpnextMapping } from './mapping.ts';
import { readSiteZone } from './site-time.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

const release = z.object({ version: z.string() });
const versions = z.object({ frappe: release, erpnext: release.optional() });

/** Looks at everything that the hub needs of ERPNext; the failure, or a note, says what to do. Changes nothing. */
export async function checkErpnext(
  client: ErpnextClient,
  mapping: ErpnextMapping,
  currency: Currency,
): Answer<LedgerCheck> {
  const user = await readUser(client);
  if (!user.ok) return user;
  const version = await readVersion(client);
  if (!version.ok) return version;
  const readable = await forEach(deciding, (doctype) => canRead(client, doctype, user.value));
  if (!readable.ok) return readable;
  const timeZone = await readSiteZone(client);
  const notes = [
    ...(timeZone === null
      ? ['the time zone of the site could not be read: give the API user the role System Manager']
      : []),
    ...(await journalNotes(client, user.value)),
    ...(await currencyNotes(client, currency)),
    ...(await fieldNotes(client, mapping)),
  ];
  return ok({ user: user.value, version: version.value, timeZone: timeZone ?? 'unknown', notes });
}

async function readUser(client: ErpnextClient): Answer<string> {
  const answer = await client.call('frappe.auth.get_logged_user');
  if (!answer.ok) return answer;
  if (typeof answer.value !== 'string' || answer.value === '') return err(nonsense('no user name'));
  if (answer.value !== 'Guest') return ok(answer.value);
  return err({ reason: 'unauthorized', detail: 'ERPNext took the API key for a guest: generate a new key and secret' });
}

async function readVersion(client: ErpnextClient): Answer<string> {
  const answer = await client.call('frappe.utils.change_log.get_versions');
  if (!answer.ok) return answer;
  const read = versions.safeParse(answer.value);
  if (!read.success) return err(nonsense('no versions'));
  const { frappe, erpnext } = read.data;
  return ok(`${erpnext ? `ERPNext ${erpnext.version}, ` : ''}Frappe ${frappe.version}`);
}

async function canRead(client: ErpnextClient, doctype: string, user: string): Answer<true> {
  const list = await client.list(doctype, { fields: ['name'], filters: [], pageLength: 1 });
  if (list.ok) return ok(true);
  const { reason, detail } = list.error;
  if (reason !== 'unauthorized') return list;
  return err({
    reason,
    detail: `${user} may not read ${doctype}: give its role that permission in ERPNext (${detail})`,
  });
}

/** Journal Entries decide nothing, and the hub does without; what they move is missing from what it shows then. */
async function journalNotes(client: ErpnextClient, user: string): Promise<string[]> {
  const readable = await canRead(client, journalDoctype, user);
  return readable.ok ? [] : [`customers' statements lack what Journal Entries move: ${readable.error.detail}`];
}

async function currencyNotes(client: ErpnextClient, currency: Currency): Promise<string[]> {
  const query = { fields: ['name', 'currency'], filters: [['docstatus', '=', 1] as const], pageLength: 1 };
  const list = await client.list(invoiceDoctype, query);
  const told = list.ok ? list.value[0]?.currency : undefined;
  if (typeof told !== 'string' || told === '' || told === currency) return [];
  return [
    `invoices are in ${told}, but this tenant counts in ${currency}: set the tenant's currency, or nothing in it is counted once one is set`,
  ];
}

async function fieldNotes(client: ErpnextClient, mapping: ErpnextMapping): Promise<string[]> {
  const wanted = wantedFields(mapping).filter(({ doctype }) => !payrollDoctypes.has(doctype));
  const doctypes = [...new Set(wanted.map(({ doctype }) => doctype))];
  const list = await listFields(client, doctypes);
  if (!list.ok) return [`whether the custom fields are installed could not be read: ${list.error.detail}`];
  const there = new Set(list.value.map(({ dt, fieldname }) => `${String(dt)}.${String(fieldname)}`));
  return doctypes.flatMap((doctype) => {
    const missing = wanted.filter((one) => one.doctype === doctype && !there.has(`${doctype}.${one.fieldname}`));
    if (missing.length === 0) return [];
    const names = missing.map(({ fieldname }) => fieldname).join(', ');
    return [`${doctype} has no field ${names}: run "jembatan erpnext install", or add them as custom fields`];
  });
}

const nonsense = (what: string): LedgerFailure => ({
  reason: 'nonsense',
  detail: `ERPNext answered with ${what}: is the URL that of an ERPNext site?`,
});
