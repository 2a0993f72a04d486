import type { DocType } from '../doctypes/doctype.ts';
import { type Doc, type Input, text } from './document.ts';
import { invalid } from './frappe-error.ts';
import { hashName } from './new-document.ts';
import type { Site } from './site.ts';

/** The name of a new document: `ACC-SINV-2026-00001`, its key field, a random hash, or what the caller chose. */
export function nameFor(site: Site, meta: DocType, doc: Doc, input: Input): string {
  const naming = meta.naming;
  if (naming === 'hash') return hashName();
  if (naming === 'given') return typeof input.name === 'string' && input.name !== '' ? input.name : hashName();
  if ('joined' in naming) return naming.joined.map((field) => text(doc, field)).join('-');
  if ('series' in naming) {
    const prefix = naming.series.replace('.YYYY.', site.clock.today().slice(0, 4));
    return `${prefix}${String(site.nextNumber(prefix)).padStart(5, '0')}`;
  }
  const key = text(doc, naming.field).trim();
  if (key === '') throw invalid(`${naming.field} is required`);
  return meta.name === 'Customer' ? freeCustomerName(site, key) : key;
}

/** A second "Budi" becomes "Budi - 1": ERPNext counts customers of the same name instead of refusing them. */
function freeCustomerName(site: Site, name: string): string {
  let candidate = name;
  for (let count = 1; site.find('Customer', candidate); count += 1) candidate = `${name} - ${count}`;
  return candidate;
}
