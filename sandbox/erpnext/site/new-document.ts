import { randomInt } from 'node:crypto';
import type { DocType } from '../doctypes/doctype.ts';
import type { Doc, Input, Row, Scalar } from './document.ts';
import { invalid } from './frappe-error.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvw';

/** Frappe's 10-character random name. */
export const hashName = (): string => Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');

type Birth = { readonly user: string; readonly at: string };

const standardFields = (meta: DocType, { user, at }: Birth): Row => ({
  name: '',
  owner: user,
  creation: at,
  modified: at,
  modified_by: user,
  docstatus: 0,
  idx: 0,
  doctype: meta.name,
});

/** A document with every field at its default, not stored yet. */
export function blankDocument(meta: DocType, birth: Birth): Doc {
  const doc: Doc = { ...standardFields(meta, birth), ...meta.fields.defaults };
  for (const table of Object.keys(meta.tables)) doc[table] = [];
  return doc;
}

/** A child row in the form that ERPNext gives it; `values` may be text for a number, as JSON from outside is. */
export function newRow(
  meta: DocType,
  place: { readonly parent: Doc; readonly table: string; readonly idx: number },
  values: Input,
  birth: Birth,
): Row {
  const row: Row = {
    ...standardFields(meta, birth),
    ...meta.fields.defaults,
    name: hashName(),
    idx: place.idx,
    parent: String(place.parent.name),
    parentfield: place.table,
    parenttype: String(place.parent.doctype),
  };
  for (const [field, value] of Object.entries(values)) {
    if (field in meta.fields.defaults) row[field] = coerced(meta, field, value);
  }
  return row;
}

/** Sets what the caller sent: unknown fields are dropped, a child table is replaced whole. */
export function applyInput(meta: DocType, doc: Doc, input: Input, birth: Birth): void {
  for (const [field, value] of Object.entries(input)) {
    const child = meta.tables[field];
    if (child) doc[field] = newRows(child, doc, field, value, birth);
    else if (meta.passwords.includes(field) && /^\*+$/.test(String(value))) continue;
    else if (field in meta.fields.defaults) doc[field] = coerced(meta, field, value);
  }
}

function newRows(child: DocType, parent: Doc, table: string, value: unknown, birth: Birth): Row[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw invalid(`Value for ${table} must be a list`);
  // A row that came in with the request is still marked in the bodies of this transaction's webhooks.
  return value.map((entry: unknown, index) => ({
    ...newRow(child, { parent, table, idx: index + 1 }, isInput(entry) ? entry : {}, birth),
    __unsaved: 1,
  }));
}

export const isInput = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function coerced(meta: DocType, field: string, value: unknown): Scalar {
  if (value === null || value === undefined) return typeof meta.fields.defaults[field] === 'number' ? 0 : null;
  if (typeof meta.fields.defaults[field] === 'number') return Number(value) || 0;
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
