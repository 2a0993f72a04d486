/** Fields whose values must not be in any log: secret, or a person's. */
const hidden =
  /password|secret|token|api_key|^key$|phone|email|national_id|^nik$|^address$|notes|latitude|longitude|otp|recovery|database_url/i;

/** Long enough to be found by nothing but itself. */
const isTelling = (value: string): boolean =>
  value.length >= 6 && !/^[\d.]+$/.test(value) && !/^(bearer|true|false)$/i.test(value);

/** The values of all such fields inside a request's or an answer's JSON. */
export function secretWords(value: unknown, name = ''): readonly string[] {
  if (typeof value === 'string') return hidden.test(name) && isTelling(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((inner) => secretWords(inner, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretWords(inner, key));
}
