import type { DocType } from '../doctypes/doctype.ts';
import type { Doc, Row, Scalar } from './document.ts';
import { PythonFloat, type PythonValue } from './python-json.ts';

const printed = (meta: DocType, field: string, value: Scalar): PythonValue =>
  typeof value === 'number' && meta.fields.floats.has(field)
    ? new PythonFloat(value)
    : value && meta.passwords.includes(field)
      ? '******'
      : value;

/** One field as JSON, floats told from integers by the doctype. */
export function printableField(meta: DocType, field: string, value: Scalar | Row[]): PythonValue {
  if (!Array.isArray(value)) return printed(meta, field, value);
  const child = meta.tables[field];
  return child ? value.map((row) => printable(child, row)) : [];
}

/** A document with its child tables as Frappe's `as_dict` gives it, every key sorted. */
export function printable(meta: DocType, doc: Doc): { [field: string]: PythonValue } {
  const answer: { [field: string]: PythonValue } = {};
  for (const field of Object.keys(doc).sort()) answer[field] = printableField(meta, field, doc[field] ?? null);
  return answer;
}
