import type { Scalar } from '../site/document.ts';

/** How a new document gets its name. `series` has `.YYYY.` for the year; `joined` are fields with a hyphen. */
export type Naming =
  | { readonly series: string }
  | { readonly field: string }
  | { readonly joined: readonly string[] }
  | 'hash'
  | 'given';

export type Fields = {
  /** Every field but the child tables, with the value that it has when nobody sets it. */
  readonly defaults: Readonly<Record<string, Scalar>>;
  /** Currency, Float and Percent: printed as `50.0` even when whole. */
  readonly floats: ReadonlySet<string>;
};

export type DocType = {
  readonly name: string;
  readonly naming: Naming;
  readonly submittable: boolean;
  readonly fields: Fields;
  /** Child tables by field name. */
  readonly tables: Readonly<Record<string, DocType>>;
  readonly mandatory: readonly string[];
  /** Link fields and the doctype that each must name a document of. */
  readonly links: Readonly<Record<string, string>>;
  readonly unique: readonly string[];
  readonly allowOnSubmit: readonly string[];
  /** Read back as asterisks. */
  readonly passwords: readonly string[];
};

type FieldKinds = {
  /** Space-separated names; `conversion_rate=1` has another default than 0. */
  readonly float?: string;
  /** Check and Int fields, 0 by default. */
  readonly int?: string;
  /** Null when unset. */
  readonly unset?: string;
  /** The empty text when unset: Frappe is not consistent, and readers must bear both. */
  readonly blank?: string;
  readonly preset?: Readonly<Record<string, Scalar>>;
};

const words = (list: string | undefined): string[] => (list ?? '').split(/\s+/).filter((word) => word !== '');

function fields(kinds: FieldKinds): Fields {
  const floats = words(kinds.float).map((entry) => entry.split('=') as [string, string?]);
  return {
    floats: new Set(floats.map(([name]) => name)),
    defaults: {
      ...Object.fromEntries(floats.map(([name, value]) => [name, Number(value ?? 0)])),
      ...Object.fromEntries(words(kinds.int).map((name) => [name, 0])),
      ...Object.fromEntries(words(kinds.unset).map((name) => [name, null])),
      ...Object.fromEntries(words(kinds.blank).map((name) => [name, ''])),
      ...kinds.preset,
    },
  };
}

type Shape = Partial<Omit<DocType, 'name' | 'fields' | 'tables'>> & {
  readonly fields: FieldKinds;
  readonly tables?: Readonly<Record<string, DocType>>;
  /** Child tables that stay empty here: in ERPNext they have rows, of doctypes that the stand-in does not play. */
  readonly emptyTables?: string;
};

export function doctype(name: string, shape: Shape): DocType {
  const empty = words(shape.emptyTables).map((table) => [table, childTable(`${name} ${table}`, {})]);
  return {
    name,
    naming: shape.naming ?? 'hash',
    submittable: shape.submittable ?? false,
    fields: fields(shape.fields),
    tables: { ...Object.fromEntries(empty), ...shape.tables },
    mandatory: shape.mandatory ?? [],
    links: shape.links ?? {},
    unique: shape.unique ?? [],
    allowOnSubmit: shape.allowOnSubmit ?? [],
    passwords: shape.passwords ?? [],
  };
}

export const childTable = (name: string, kinds: FieldKinds, links: Readonly<Record<string, string>> = {}): DocType =>
  doctype(name, { fields: kinds, links });
