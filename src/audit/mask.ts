/** Fields whose values are secret or personal: that they changed is told, their content is not. */
const hidden =
  /password|secret|token|api_key|nik|national_id|phone|email|address|latitude|longitude|photo|database_url|totp/i;

const mask = '***';

const shown = (field: string, value: unknown): unknown =>
  value === undefined || value === null || !hidden.test(field) ? (value ?? null) : mask;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Of each field that differs, its old and new value as they may be kept. */
export function masked(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, { readonly old: unknown; readonly new: unknown }> {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return Object.fromEntries(
    fields
      .filter((field) => !same(before[field], after[field]))
      .map((field) => [field, { old: shown(field, before[field]), new: shown(field, after[field]) }]),
  );
}
