import type { StockItem } from './rows.ts';

/** InvenTree's own stock status codes with their labels. */
export const statusLabels: ReadonlyMap<number, string> = new Map([
  [10, 'OK'],
  [50, 'Attention needed'],
  [55, 'Damaged'],
  [60, 'Destroyed'],
  [65, 'Rejected'],
  [70, 'Lost'],
  [75, 'Quarantined'],
  [85, 'Returned'],
]);

/** Statuses of stock that counts as being there. */
const available: ReadonlySet<number> = new Set([10, 50, 55, 85]);

/** A status that only this site has: it counts as one of InvenTree's own. */
export type CustomStatus = { readonly logical: number; readonly label: string };

/**
 * "In stock" with the status taken into account, as lists show it and assign asks for it; so it is also false for units that
 * lie in a bag and are quarantined.
 */
export const isInStock = (item: StockItem): boolean => isHere(item) && available.has(item.status);

/** "In stock" whatever the status, as transfer asks for it. */
export const isHere = (item: StockItem): boolean => item.quantity > 0 && item.customer === null;

/** The two columns that hold a status. */
export function statusColumns(
  custom: ReadonlyMap<number, CustomStatus>,
  status: number,
): Pick<StockItem, 'status' | 'customStatus'> {
  return { status: custom.get(status)?.logical ?? status, customStatus: status };
}
