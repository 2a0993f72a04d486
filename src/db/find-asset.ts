import { type Selectable, sql } from 'kysely';
import type { AssetsTable } from '#db/tables/assets.ts';
import { readCode, type ScanCode, serialKey } from '#domain/scan-code.ts';

export type AssetRow = Selectable<AssetsTable>;

/** Everything that a code may name in the index, by MAC, GPON serial, linked label, InvenTree's number, or serial. */
const named = ({ text, trackerItem, macs, gponSns, serials }: ScanCode) =>
  sql<boolean>`(mac = any(${[...macs]}::text[]) or gpon_sn = any(${[...gponSns]}::text[]) or barcode = ${text}
    or (tracker = 'inventree' and tracker_ref = ${trackerItem}) or serial_key = any(${serials.map(serialKey)}::text[]))`;

/** Every unit that a person's search may mean: any code in any notation, a part of a serial, words of its part or place. */
export function meantBy(search: string) {
  const read = readCode(search);
  const key = serialKey(search);
  const part = sql<boolean>`position(lower(${search}) in lower(part || ' ' || place)) > 0`;
  if (key.length < 3) return sql<boolean>`(${named(read)} or ${part})`;
  return sql<boolean>`(${named(read)} or ${part} or position(${key} in serial_key) > 0)`;
}
