import { type Selectable, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { AssetsTable } from '#db/tables/assets.ts';
import { readCode, type ScanCode, serialKey } from '#domain/scan-code.ts';

export type AssetRow = Selectable<AssetsTable>;

/** Everything that a code may name in the index, by MAC, GPON serial, linked label, InvenTree's number, or serial. */
const named = ({ text, trackerItem, macs, gponSns, serials }: ScanCode) =>
  sql<boolean>`(mac = any(${[...macs]}::text[]) or gpon_sn = any(${[...gponSns]}::text[]) or barcode = ${text}
    or (tracker = 'inventree' and tracker_ref = ${trackerItem}) or serial_key = any(${serials.map(serialKey)}::text[]))`;

const isNamedOtherwise = ({ text, trackerItem, macs, gponSns }: ScanCode, row: AssetRow): boolean =>
  (row.mac !== null && macs.includes(row.mac)) ||
  (row.gpon_sn !== null && gponSns.includes(row.gpon_sn)) ||
  row.barcode === text ||
  (row.tracker === 'inventree' && row.tracker_ref === trackerItem);

/**
 * The units that a scanned text may mean, as far as the hub's own index knows: none, one, or several that a person must
 * choose from. What has a key of its own here (MAC, GPON serial, label) decides; of the serials the likeliest is asked
 * beside it, so that a label with the MAC of one unit and the serial of another names both, and the others only in need.
 */
export async function findByCode(tx: Tx, tenantId: string, code: string): Promise<readonly AssetRow[]> {
  const read = readCode(code);
  const rows = await tx
    .selectFrom('assets')
    .where('tenant_id', '=', tenantId)
    .where('gone_at', 'is', null)
    .where(named(read))
    .selectAll()
    .orderBy('id')
    .limit(50)
    .execute();
  const bySerial = read.serials.map((serial) => rows.filter((row) => row.serial_key === serialKey(serial)));
  const decided = new Set([...rows.filter((row) => isNamedOtherwise(read, row)), ...(bySerial[0] ?? [])]);
  if (decided.size > 0) return [...decided];
  return bySerial.find((some) => some.length > 0) ?? [];
}

/** The same for a list: every unit that a person's search may mean. */
export function meantBy(search: string) {
  const read = readCode(search);
  const key = serialKey(search);
  const part = sql<boolean>`position(lower(${search}) in lower(part || ' ' || place)) > 0`;
  if (key.length < 3) return sql<boolean>`(${named(read)} or ${part})`;
  return sql<boolean>`(${named(read)} or ${part} or position(${key} in serial_key) > 0)`;
}
