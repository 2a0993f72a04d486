import type { DocType } from '../doctypes/doctype.ts';
import { type Doc, type Input, rows } from '../site/document.ts';
import { FrappeError, invalid } from '../site/frappe-error.ts';
import { printableField } from '../site/printable.ts';
import type { PythonValue } from '../site/python-json.ts';
import type { Site } from '../site/site.ts';
import { type Column, column, conditions, type Joined, matches, valueAt } from './filter.ts';
import { parameter, textParameter } from './rest-call.ts';

const defaultPageLength = 20;
const pageParameters = ['limit_page_length', 'limit'] as const;

/** A list as `/api/resource/<DocType>` answers it: one row per document, or per child row once a child is named. */
export function listDocuments(site: Site, doctype: string, form: Input): PythonValue[] {
  const meta = listable(site, doctype);
  const columns = wantedColumns(meta, parameter(form, 'fields'));
  const found = select(site, meta, form, columns);
  return found.map((joined) => Object.fromEntries(columns.map((one) => [one.field, printedAt(meta, joined, one)])));
}

export const countDocuments = (site: Site, doctype: string, form: Input): number =>
  new Set(joinedMatches(site, listable(site, doctype), form, []).map(({ doc }) => doc)).size;

/** A child table has no permissions of its own and is only read through its parent. */
function listable(site: Site, doctype: string): DocType {
  if (childMeta(site, doctype)) throw new FrappeError(403, 'PermissionError', `No permission for ${doctype}`);
  return site.meta(doctype);
}

const parents = ['Sales Invoice', 'Payment Entry', 'Journal Entry', 'Subscription', 'Item', 'Webhook'];

const childMeta = (site: Site, doctype: string): DocType | undefined =>
  parents.flatMap((parent) => Object.values(site.meta(parent).tables)).find((child) => child.name === doctype);

/** `frappe.client.get_list` of a child doctype: its rows, whatever document of `parent` they belong to. */
export function listChildRows(site: Site, doctype: string, parent: string, form: Input): PythonValue[] {
  const table = Object.entries(site.meta(parent).tables).find(([, child]) => child.name === doctype);
  if (!table) throw invalid(`${doctype} is not a child of ${parent}`);
  const qualified = (written: string): string => `${table[0]}.${written}`;
  const wanted = parameter(form, 'fields');
  const fields = (Array.isArray(wanted) ? wanted : ['name']).map((field: unknown) => qualified(String(field)));
  const filters = conditionsOfChild(parameter(form, 'filters'), qualified);
  return listDocuments(site, parent, { ...form, fields, filters });
}

function conditionsOfChild(filters: unknown, qualified: (written: string) => string): unknown {
  if (Array.isArray(filters))
    return filters.map((filter: unknown[]) => [qualified(String(filter[0])), ...filter.slice(1)]);
  return Object.entries((filters ?? {}) as Input).map(([field, value]) =>
    Array.isArray(value) ? [qualified(field), ...value] : [qualified(field), '=', value],
  );
}

function wantedColumns(meta: DocType, fields: unknown): Column[] {
  const wanted = Array.isArray(fields) ? fields.map(String) : [typeof fields === 'string' ? fields : 'name'];
  return wanted.flatMap((written) =>
    written === '*'
      ? [
          'name',
          'owner',
          'creation',
          'modified',
          'modified_by',
          'docstatus',
          'idx',
          ...Object.keys(meta.fields.defaults),
        ].map((field) => ({ table: null, field }))
      : [column(meta, written)],
  );
}

function printedAt(meta: DocType, joined: Joined, { table, field }: Column): PythonValue {
  const owner = table === null ? meta : (meta.tables[table] ?? meta);
  return printableField(owner, field, valueAt(joined, { table, field }));
}

function select(site: Site, meta: DocType, form: Input, columns: readonly Column[]): Joined[] {
  const found = joinedMatches(site, meta, form, columns).sort(ordering(meta, textParameter(form, 'order_by')));
  const start = Number(textParameter(form, 'limit_start') || 0);
  const given = pageParameters.map((name) => textParameter(form, name)).find((value) => value !== '');
  const length = given === undefined ? defaultPageLength : Number(given);
  return length === 0 ? found.slice(start) : found.slice(start, start + length);
}

function joinedMatches(site: Site, meta: DocType, form: Input, columns: readonly Column[]): Joined[] {
  const all = conditions(meta, parameter(form, 'filters'));
  const any = conditions(meta, parameter(form, 'or_filters'));
  const table = [...columns, ...all, ...any].find((one) => one.table !== null)?.table ?? null;
  const answer: Joined[] = [];
  for (const doc of site.all(meta.name)) {
    for (const joined of joinRows(doc, table)) if (matches(joined, all, any)) answer.push(joined);
  }
  return answer;
}

const joinRows = (doc: Doc, table: string | null): Joined[] => {
  const children = table === null ? [] : rows(doc, table);
  return children.length === 0 ? [{ doc, row: null }] : children.map((row) => ({ doc, row }));
};

/** `modified asc, name asc`; without one, the latest change first. */
function ordering(meta: DocType, orderBy: string): (a: Joined, b: Joined) => number {
  const keys = (orderBy || 'modified desc').split(',').map((part) => {
    const [written = '', direction = 'asc'] = part.trim().split(/\s+/);
    return { place: column(meta, written), sign: direction.toLowerCase() === 'desc' ? -1 : 1 };
  });
  return (a, b) => {
    for (const { place, sign } of keys) {
      const [left, right] = [valueAt(a, place) ?? '', valueAt(b, place) ?? ''];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  };
}
