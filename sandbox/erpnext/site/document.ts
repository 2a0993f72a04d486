/** A field's value as Frappe keeps it: Check, Int, Currency and Float are numbers; dates and times are text; unset is null. */
export type Scalar = string | number | null;

/** A row of a child table. */
export type Row = { [field: string]: Scalar };

/** A document with its child tables. */
export type Doc = { [field: string]: Scalar | Row[] };

/** What a caller sends: JSON of any shape; unknown keys are dropped as Frappe drops them. */
export type Input = { readonly [field: string]: unknown };

export const text = (doc: Doc | Row, field: string): string => {
  const value = doc[field];
  return typeof value === 'string' ? value : '';
};

export const number = (doc: Doc | Row, field: string): number => {
  const value = doc[field];
  return typeof value === 'number' ? value : 0;
};

export const rows = (doc: Doc, table: string): Row[] => {
  const value = doc[table];
  return Array.isArray(value) ? value : [];
};

/** Money is kept to two decimals, as ERPNext's default currency precision has it. */
export const roundMoney = (amount: number): number => Math.round(amount * 100) / 100;
