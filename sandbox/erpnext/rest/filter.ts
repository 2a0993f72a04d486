import type { DocType } from '../doctypes/doctype.ts';
import type { Doc, Row, Scalar } from '../site/document.ts';
import { crashed, FrappeError, invalid } from '../site/frappe-error.ts';
import { isInput } from '../site/new-document.ts';

/** One condition on a field of the document, or of its rows in `table`. */
export type Condition = {
  readonly table: string | null;
  readonly field: string;
  readonly holds: (value: Scalar) => boolean;
};

/** A column of the document or of a child table (`references.allocated_amount`). */
export type Column = { readonly table: string | null; readonly field: string };

const standard = new Set(['name', 'owner', 'creation', 'modified', 'modified_by', 'docstatus', 'idx']);
const childStandard = new Set([...standard, 'parent', 'parenttype', 'parentfield']);

/** A field that the doctype does not have is refused: a typing error must not look like an empty list. */
export function column(meta: DocType, written: string): Column {
  const [left = '', right] = written.replaceAll('`', '').split('.');
  if (right === undefined || left === `tab${meta.name}`) {
    const field = right ?? left;
    if (field in meta.fields.defaults || standard.has(field)) return { table: null, field };
    throw new FrappeError(417, 'DataError', `Field not permitted in query: ${field}`);
  }
  const table = Object.entries(meta.tables).find(([name, child]) => name === left || `tab${child.name}` === left);
  if (table && (right in table[1].fields.defaults || childStandard.has(right)))
    return { table: table[0], field: right };
  throw new FrappeError(417, 'DataError', `Field not permitted in query: ${written}`);
}

/** `filters` in any of Frappe's forms: a dictionary, a list of lists of two to four, or a name. */
export function conditions(meta: DocType, filters: unknown): Condition[] {
  if (filters === undefined || filters === null) return [];
  if (typeof filters === 'string') return [condition(meta, 'name', '=', filters)];
  if (Array.isArray(filters)) return filters.map((filter: unknown) => listCondition(meta, filter));
  if (!isInput(filters)) throw invalid('Invalid filters');
  return Object.entries(filters).map(([field, value]) =>
    Array.isArray(value) ? condition(meta, field, String(value[0]), value[1]) : condition(meta, field, '=', value),
  );
}

function listCondition(meta: DocType, filter: unknown): Condition {
  if (!Array.isArray(filter)) throw invalid('Invalid filters');
  if (filter.length === 2) return condition(meta, String(filter[0]), '=', filter[1]);
  if (filter.length === 3) return condition(meta, String(filter[0]), String(filter[1]), filter[2]);
  return condition(meta, `tab${filter[0]}.${filter[1]}`, String(filter[2]), filter[3]);
}

function condition(meta: DocType, written: string, operator: string, value: unknown): Condition {
  const place = column(meta, written);
  return { ...place, holds: test(operator.toLowerCase().trim(), value) };
}

/** Unset counts as '' or 0, and text is compared without case, as MariaDB does under Frappe. */
function compare(left: Scalar, right: unknown): number {
  if (typeof left === 'number') {
    const number = Number(right ?? 0);
    return left === number ? 0 : left < number ? -1 : 1;
  }
  const [a, b] = [(left ?? '').toLowerCase(), String(right ?? '').toLowerCase()];
  return a === b ? 0 : a < b ? -1 : 1;
}

function test(operator: string, value: unknown): (field: Scalar) => boolean {
  switch (operator) {
    case '=':
      return (field) => compare(field, value) === 0;
    case '!=':
      return (field) => compare(field, value) !== 0;
    case '>':
      return (field) => compare(field, value) > 0;
    case '>=':
      return (field) => compare(field, value) >= 0;
    case '<':
      return (field) => compare(field, value) < 0;
    case '<=':
      return (field) => compare(field, value) <= 0;
    case 'in':
      return (field) => members(value).some((member) => compare(field, member) === 0);
    case 'not in':
      return (field) => members(value).every((member) => compare(field, member) !== 0);
    case 'between':
      return between(members(value));
    case 'is':
      return value === 'set' ? (field) => field !== null && field !== '' : (field) => field === null || field === '';
    case 'like':
      return like(String(value));
    case 'not like':
      return (field) => !like(String(value))(field);
    default:
      throw crashed('ValueError', `Operator must be one of the known ones: ${operator}`);
  }
}

const members = (value: unknown): unknown[] =>
  Array.isArray(value)
    ? value
    : String(value)
        .split(',')
        .map((member) => member.trim());

/** Ends of days are meant when dates are given for a time. */
function between([from, to]: unknown[]): (field: Scalar) => boolean {
  const last = typeof to === 'string' && to.length === 10 ? `${to} 23:59:59.999999` : to;
  return (field) => compare(field, from) >= 0 && compare(field, last) <= 0;
}

function like(pattern: string): (field: Scalar) => boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[^]*')
    .replaceAll('_', '[^]');
  const expression = new RegExp(`^${source}$`, 'i');
  return (field) => expression.test(String(field ?? ''));
}

/** A document with one of its child rows (null: it has none), as an SQL join gives it. */
export type Joined = { readonly doc: Doc; readonly row: Row | null };

export const valueAt = ({ doc, row }: Joined, { table, field }: Column): Scalar => {
  const value = table === null ? doc[field] : row?.[field];
  return value === undefined || Array.isArray(value) ? null : value;
};

/** All of `all`, and one of `any` where there are some. */
export const matches = (joined: Joined, all: readonly Condition[], any: readonly Condition[]): boolean =>
  all.every((one) => one.holds(valueAt(joined, one))) &&
  (any.length === 0 || any.some((one) => one.holds(valueAt(joined, one))));
