import type { Asset } from '../api/shapes.ts';
import type { Item, Offer } from './item.ts';

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What a refusal of a scan says would go: the line's old modem as `replaces`, or the `units` that the code may mean. */
export function offersOf({ deed }: Item, details: Readonly<Record<string, unknown>>): readonly Offer[] {
  if (deed.is !== 'scan') return [];
  const replaces = textOf(details.replaces);
  if (replaces !== null) return [{ is: 'replace', label: replaces, change: { replaces } }];
  const units: readonly Partial<Asset>[] = Array.isArray(details.units) ? details.units : [];
  return units.flatMap(({ part, serial, mac }): Offer[] => {
    const code = textOf(serial) ?? textOf(mac);
    return code === null ? [] : [{ is: 'unit', label: `${textOf(part) ?? ''} ${code}`.trim(), change: { code } }];
  });
}
