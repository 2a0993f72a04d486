import type { World } from '../world/world.ts';
import { invalidPk, required } from './refused.ts';

/** A text with its outer whitespace gone, as InvenTree trims it. */
export const textOr = <T extends string | null>(value: unknown, otherwise: T): string | T =>
  value === undefined || value === null ? otherwise : String(value).trim();

export const flagOr = (value: unknown, otherwise: boolean): boolean =>
  value === undefined ? otherwise : value === true || value === 'true' || value === 1;

export type Found<T> = { readonly row: T } | { readonly error: string };

/** A field that names a row of another table by its number. */
export function rowOf<T>(rows: ReadonlyMap<number, T>, value: unknown): Found<T> {
  if (value === undefined) return { error: required };
  if (value === null) return { error: 'This field may not be null.' };
  const pk = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  if (!Number.isInteger(pk)) return { error: `Incorrect type. Expected pk value, received ${pythonType(value)}.` };
  const row = rows.get(pk);
  return row === undefined ? { error: invalidPk(value) } : { row };
}

function pythonType(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'dict';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'str' : 'float';
}

/** A place that stock can lie in: what is said of a structural one changed between versions. */
export function destinationOf(world: World, value: unknown): Found<number> {
  const found = rowOf(world.places, value);
  if ('error' in found) return found;
  if (!found.row.isStructural) return { row: found.row.pk };
  return {
    error: world.apiVersion >= 511 ? 'Structural locations cannot be assigned stock items' : invalidPk(value),
  };
}
