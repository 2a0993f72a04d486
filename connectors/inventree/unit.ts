import type { TrackedAsset, TrackedAt, TrackedStatus } from '#ports/asset-tracker/port.ts';
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
const usable = new Set<number>([statusCodes.ok, statusCodes.attention, statusCodes.damaged, statusCodes.returned]);

/** What the shop says of it: its own key where it has one, for which `status` shows only what it counts as. */
export const statusOf = (row: StockRow): TrackedStatus => names.get(row.status_custom_key ?? row.status) ?? 'other';

/** Whether InvenTree would give it to a customer. */
export const isUsable = (row: StockRow): boolean => usable.has(row.status);

const atOf = (row: StockRow, customerName: string): TrackedAt => {
  // A customer is all that counts: with one, a location may be left over and `in_stock` be either.
  if (row.customer !== null) return { kind: 'customer', ref: String(row.customer), name: customerName };
  if (row.location === null) return { kind: 'nowhere' };
  return { kind: 'place', ref: String(row.location), name: row.location_detail?.name ?? '' };
};

/** A row as the port has it. */
export const assetOf = (row: StockRow, customerName: string): TrackedAsset => ({
  ref: String(row.pk),
  part: { ref: String(row.part), name: row.part_detail?.name ?? '' },
  serial: row.serial,
  status: statusOf(row),
  at: atOf(row, customerName),
});
