import { createHash } from 'node:crypto';
import type { World } from '../world/world.ts';

/** A row that a code may name. */
export type Coded = { readonly model: 'stockitem' | 'stocklocation' | 'part'; readonly pk: number };

const models = { SI: 'stockitem', SL: 'stocklocation', PA: 'part' } as const;

export const barcodeHash = (text: string): string => createHash('md5').update(text.trim()).digest('hex');

/** One of InvenTree's own codes, long (`{"stockitem": 1}`) or short (`INV-SI1`). */
function ownCode(text: string): Coded | null {
  const short = /^INV-(SI|SL|PA)(\d+)$/.exec(text);
  if (short) return { model: models[short[1] as keyof typeof models], pk: Number(short[2]) };
  const long = /^\{\s*"(stockitem|stocklocation|part)"\s*:\s*(\d+)\s*\}$/.exec(text);
  return long ? { model: long[1] as Coded['model'], pk: Number(long[2]) } : null;
}

const tables = { stockitem: 'items', stocklocation: 'places', part: 'parts' } as const;

/** What a scanned text names: one of InvenTree's own codes, or a label that was linked; a serial is never looked at. */
export function codedBy(world: World, text: string): Coded | null {
  const own = ownCode(text.trim());
  if (own) return world[tables[own.model]].has(own.pk) ? own : null;
  const item = [...world.items.values()].find((one) => one.barcodeHash === barcodeHash(text));
  return item ? { model: 'stockitem', pk: item.pk } : null;
}

export const codeFor = (model: string, pk: number, isShort: boolean): string => {
  const short = Object.entries(models).find(([, name]) => name === model)?.[0];
  return isShort && short ? `INV-${short}${pk}` : `{"${model}": ${pk}}`;
};
