import type { Parts } from './recipe.ts';
import type { Kind, Tenant } from './tenant.ts';

/** A request of one tenant with one of its ids replaced, and what was replaced. */
export type Swapped = { readonly where: string; readonly kind: Kind; readonly parts: Parts };

type Place = { readonly where: string; readonly id: string; readonly with: (value: string) => Parts };

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const copyWith = (value: unknown, key: string, entry: unknown): unknown =>
  Array.isArray(value)
    ? value.map((item, index) => (String(index) === key ? entry : item))
    : { ...Object(value), [key]: entry };

/** Every text inside `value`, however deep, with a way to make the same value with another text there. */
function textsIn(
  value: unknown,
  path: string,
  rebuild: (inner: unknown) => unknown,
): { readonly path: string; readonly text: string; readonly put: (text: string) => unknown }[] {
  if (typeof value === 'string') return [{ path, text: value, put: rebuild }];
  return entriesOf(value).flatMap(([key, inner]) =>
    textsIn(inner, `${path}.${key}`, (replaced) => rebuild(copyWith(value, key, replaced))),
  );
}

/** Where in a request ids of the tenant stand: in the path, the query, or anywhere in the body. */
function placesOf(parts: Parts): readonly Place[] {
  return textsIn(parts, '', (whole) => whole).map(({ path, text, put }) => ({
    where: path.slice(1),
    id: text,
    with: (value) => put(value) as Parts,
  }));
}

/** The same request once for each id in it, with `other(kind, id)` in that id's place. */
export const swapIds = (
  tenant: Tenant,
  parts: Parts,
  other: (kind: Kind, id: string) => string | undefined,
): readonly Swapped[] =>
  placesOf(parts).flatMap((place) => {
    const kind = tenant.kinds.get(place.id);
    const value = kind === undefined ? undefined : other(kind, place.id);
    return kind === undefined || value === undefined ? [] : [{ where: place.where, kind, parts: place.with(value) }];
  });
