import type { TrackedStatus } from '#domain/asset.ts';
import type { TrackedAsset, TrackedAt } from '#ports/asset-tracker/port.ts';
import type { StockRow } from './shapes.ts';

/** InvenTree's own codes; a shop may have more of its own. */
export const statusCodes = {
  ok: 10,
  attention: 50,
  damaged: 55,
  destroyed: 60,
  rejected: 65,
  lost: 70,
  quarantined: 75,
  returned: 85,
} as const satisfies Readonly<Record<Exclude<TrackedStatus, 'other'>, number>>;

const names = new Map<number, TrackedStatus>(
  Object.entries(statusCodes).map(([name, code]) => [code, name as keyof typeof statusCodes]),
);
const named = (code: number): TrackedStatus => names.get(code) ?? 'other';

/** The shop's own key where it has one: `status` shows only what that counts as. */
const keyOf = (row: StockRow): number => row.status_custom_key ?? row.status;

function atOf(row: StockRow, customerName: string): TrackedAt {
  // A customer is all that counts: with one, a location may be left over and `in_stock` be either.
  if (row.customer !== null) return { kind: 'customer', ref: String(row.customer), name: customerName };
  // Inside another unit it lies nowhere by itself.
  if (row.location === null || row.belongs_to !== null) return { kind: 'nowhere' };
  return { kind: 'place', ref: String(row.location), name: row.location_detail?.name ?? '' };
}

/** A row as the port has it. */
export const assetOf = (row: StockRow, customerName: string): TrackedAsset => ({
  ref: String(row.pk),
  part: { ref: String(row.part), name: row.part_detail?.name ?? '' },
  serial: row.serial,
  status: named(keyOf(row)),
  at: atOf(row, customerName),
});

/** With the status that a shop's own one counts as: InvenTree decides by that whom it may be given to. */
export const asCounted = (asset: TrackedAsset, row: StockRow): TrackedAsset => ({
  ...asset,
  status: named(row.status),
});

/** Whether a unit is still as it was, as far as any move changes it. */
export const isSame = (a: StockRow, b: StockRow): boolean =>
  a.customer === b.customer && a.location === b.location && a.belongs_to === b.belongs_to && keyOf(a) === keyOf(b);
