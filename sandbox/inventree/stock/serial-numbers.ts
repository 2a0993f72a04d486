import type { StockItem } from '../world/rows.ts';
import type { World } from '../world/world.ts';

export type Serials = { readonly serials: readonly string[] } | { readonly error: string };

/**
 * Splits at commas and whitespace, so that no serial holds a space. `A-B` is a range only where the pieces as written are not
 * as many as wanted.
 */
export function readSerials(text: string, quantity: number): Serials {
  const pieces = text.split(/[\s,]+/).filter(Boolean);
  const serials = pieces.length === quantity ? pieces : pieces.flatMap(ranged);
  const unique = [...new Set(serials)];
  if (unique.length < serials.length) {
    const twice = serials.find((serial, index) => serials.indexOf(serial) !== index);
    return { error: `Duplicate serial: ${twice}` };
  }
  if (unique.length === quantity) return { serials: unique };
  return { error: `Number of unique serial numbers (${unique.length}) must match quantity (${quantity})` };
}

function ranged(piece: string): readonly string[] {
  const [from, to] = (/^(\d+)-(\d+)$/.exec(piece) ?? []).slice(1).map(Number);
  if (from === undefined || to === undefined || to < from || to - from >= 1000) return [piece];
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

/** Those that a unit of this part has, or of any part where the site wants that. */
export function takenSerials(world: World, part: number, serials: readonly string[], but = 0): readonly string[] {
  const isGlobal = world.settings.get('SERIAL_NUMBER_GLOBALLY_UNIQUE') === true;
  const clashes = (item: StockItem, serial: string): boolean =>
    item.pk !== but && item.serial === serial && (isGlobal || item.part === part);
  return serials.filter((serial) => [...world.items.values()].some((item) => clashes(item, serial)));
}
