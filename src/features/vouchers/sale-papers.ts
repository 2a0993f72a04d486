import type { Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { csvOf } from '#platform/csv.ts';
import type { Press } from '#platform/paper/press.ts';
import { type RevealDeps, revealSale } from './sales.ts';
import type { SaleSheetQuery, VoucherSaleWithCodes } from './sales-schema.ts';
import { voucherPaper } from './sheet.ts';

type SaleSheetDeps = RevealDeps & { readonly press: Press; readonly clock: Clock };

const goodStill = ({ vouchers }: VoucherSaleWithCodes) =>
  vouchers.flatMap(({ no, code }) => (code === null ? [] : [{ no, code }]));

/** What of a sale is good still, as cards to cut out or as slips of a receipt printer. */
export async function printSale(deps: SaleSheetDeps, who: Who, id: string, wish: SaleSheetQuery): Promise<Uint8Array> {
  const sale = await revealSale(deps, who, id, 'sheet');
  const { days, price, service_plan: plan, expires_on: expiresOn } = sale.batch;
  const worth = { days, price: BigInt(price), plan: plan?.name ?? null, expiresOn };
  return deps.press.print(await voucherPaper(deps, who, { ...worth, vouchers: goodStill(sale) }, wish));
}

/** The same as CSV, for a shop's own printer. */
export async function saleAsCsv(deps: RevealDeps, who: Who, id: string): Promise<string> {
  const sale = await revealSale(deps, who, id, 'csv');
  const { days, price, service_plan: plan, expires_on: expiresOn } = sale.batch;
  return csvOf(
    ['no', 'code', 'days', 'price', 'plan', 'expires_on'],
    goodStill(sale).map(({ no, code }) => [no, code, days, price, plan?.name ?? null, expiresOn]),
  );
}
