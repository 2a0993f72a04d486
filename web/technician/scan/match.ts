import type { Asset } from '../api/shapes.ts';

const plain = (text: string): string => text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
const shortest = 6;

/**
 * Which of the units that the phone knows a scanned text means: one of whose names stands in it, in any notation. A hint
 * for the technician; the hub reads the code itself and decides. Null: none, or more than one.
 */
export function matchAsset(assets: readonly Asset[], code: string): Asset | null {
  const text = plain(code);
  const isNamed = ({ serial, mac, gpon_sn, barcode }: Asset): boolean =>
    [serial, mac, gpon_sn, barcode].some((name) => {
      const wanted = plain(name ?? '');
      return wanted.length >= shortest ? text.includes(wanted) : wanted !== '' && wanted === text;
    });
  const [found, another] = assets.filter(isNamed);
  return found && !another ? found : null;
}
