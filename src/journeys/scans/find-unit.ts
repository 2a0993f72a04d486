import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { readCode, serialKey } from '#domain/scan-code.ts';

type Found = { readonly id: string; readonly isGone: boolean; readonly isBySerial: boolean };

const matching = (tx: Tx, tenantId: string, scanned: string) => {
  const { text, trackerItem, macs, gponSns, serials } = readCode(scanned);
  const keys = serials.map(serialKey);
  return sql<Found>`
    select id, gone_at is not null as "isGone",
      not ((tracker = 'inventree' and tracker_ref = ${trackerItem}) is true or (barcode = ${text}) is true
        or (mac = any(${macs}::text[])) is true or (gpon_sn = any(${gponSns}::text[])) is true) as "isBySerial"
    from assets where tenant_id = ${tenantId} and ((tracker = 'inventree' and tracker_ref = ${trackerItem})
      or barcode = ${text} or mac = any(${macs}::text[]) or gpon_sn = any(${gponSns}::text[])
      or serial_key = any(${keys}::text[]))
    order by id limit 20`.execute(tx);
};

/**
 * Units that a scanned text may mean, by the hub's own index: its label, MAC or GPON serial before its serial, which two
 * makers may give; one that is gone from the tracker only where there is no other.
 */
export async function unitsByCode(tx: Tx, tenantId: string, scanned: string): Promise<readonly string[]> {
  const { rows } = await matching(tx, tenantId, scanned);
  const living = rows.filter(({ isGone }) => !isGone);
  const some = living.length > 0 ? living : rows;
  const sure = some.filter(({ isBySerial }) => !isBySerial);
  return (sure.length > 0 ? sure : some).map(({ id }) => id);
}
