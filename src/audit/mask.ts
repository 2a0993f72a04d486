import { isHidden, isProse } from '#audit/hidden-fields.ts';

/** What stands in an entry in place of a secret or personal value. */
export const mask = '***';

type Fields = Readonly<Record<string, unknown>>;

/** E-mail addresses, NIKs (16 digits) and Indonesian phone numbers inside prose. */
const personal = /[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+|\b\d{16}\b|(\+?62|\b0)8[\d\s-]{6,13}\d/g;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** A value as it may be kept: hidden fields of nested objects too, and personal numbers inside prose. */
function shown(entity: string, field: string, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (isHidden(entity, field)) return mask;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return isProse(field) ? value.replace(personal, mask) : value;
  if (Array.isArray(value)) return value.map((one) => shown(entity, field, one));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(entity, name, inner)]));
}

const written = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));

/** Of each field that differs, its old and new value as they may be kept; `entity` is the field's word for the thing. */
export function masked(
  entity: string,
  before: Fields,
  after: Fields,
): Record<string, { readonly old: unknown; readonly new: unknown }> {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return Object.fromEntries(
    fields
      .filter((field) => written(before[field]) !== written(after[field]))
      .map((field) => [field, { old: shown(entity, field, before[field]), new: shown(entity, field, after[field]) }]),
  );
}
