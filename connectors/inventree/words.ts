const maxWords = 300;

/** The words in an error's body, each with the field it stands under; `{}` fills the places of items that were right. */
function* wordsIn(value: unknown, field: string): Generator<string> {
  if (typeof value === 'string') {
    if (value !== '') yield field === '' ? value : `${field}: ${value}`;
    return;
  }
  if (Array.isArray(value)) {
    for (const one of value) yield* wordsIn(one, field);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  // A list is padded to the place of what is wrong, or its places are keys: neither is a field's name.
  for (const [key, inner] of Object.entries(value)) yield* wordsIn(inner, nameOf(key) ?? field);
}

const nameOf = (key: string): string | null => (/^\d+$|^(non_field_errors|detail|error|items)$/.test(key) ? null : key);

/** Keys beside `error` that repeat the question or show a whole row, each value of it a string. */
const echoed = new Set(['stockitem', 'stocklocation', 'part', 'plugin', 'barcode_data', 'barcode_hash', 'url', 'path']);

/** What InvenTree says of an error, in one line; empty: it said nothing that can be read. */
export function wordsOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const told = 'error' in body ? Object.fromEntries(Object.entries(body).filter(([key]) => !echoed.has(key))) : body;
  return [...wordsIn(told, '')].join('; ').replace(/\s+/g, ' ').trim().slice(0, maxWords);
}

/** InvenTree's own word that a row is not there; a proxy's 404, or a path that this version has not, is none. */
export const saysMissing = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  'detail' in body &&
  typeof body.detail === 'string' &&
  / matches the given query/.test(body.detail);
