import type { DocType } from '../doctypes/doctype.ts';
import { type Doc, type Row, text } from '../site/document.ts';
import { FrappeError, invalid } from '../site/frappe-error.ts';
import type { Site } from '../site/site.ts';

/** What Frappe checks of every document before it is saved: mandatory fields, links, unique fields. */
export function checkDocument(site: Site, meta: DocType, doc: Doc): void {
  checkMandatory(meta, doc);
  checkLinks(site, meta, doc);
  checkUnique(site, meta, doc);
}

export function checkNameIsFree(site: Site, doctype: string, name: string): void {
  if (site.find(doctype, name)) throw new FrappeError(409, 'DuplicateEntryError', `${doctype} ${name} already exists`);
}

function checkMandatory(meta: DocType, doc: Doc): void {
  const missing = meta.mandatory.filter((field) => {
    const value = doc[field];
    return value === null || value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
  });
  if (missing.length > 0) {
    throw invalid(`[${meta.name}, ${text(doc, 'name')}]: ${missing.join(', ')}`, 'MandatoryError');
  }
}

function checkLinks(site: Site, meta: DocType, doc: Doc): void {
  checkRowLinks(site, meta, doc);
  for (const [table, child] of Object.entries(meta.tables)) {
    const children = doc[table];
    if (Array.isArray(children)) for (const row of children) checkRowLinks(site, child, row);
  }
}

function checkRowLinks(site: Site, meta: DocType, row: Doc | Row): void {
  for (const [field, target] of Object.entries(meta.links)) {
    const name = text(row, field);
    if (name !== '' && !site.find(target, name)) {
      throw invalid(`Could not find ${target}: ${name}`, 'LinkValidationError');
    }
  }
}

/** Empty values never clash: Frappe stores them as NULL. */
function checkUnique(site: Site, meta: DocType, doc: Doc): void {
  for (const field of meta.unique) {
    const value = text(doc, field);
    if (value === '') continue;
    for (const other of site.all(meta.name)) {
      if (other.name !== doc.name && text(other, field).toLowerCase() === value.toLowerCase()) {
        throw invalid(`${meta.name} ${field} must be unique: ${value}`, 'UniqueValidationError');
      }
    }
  }
}
