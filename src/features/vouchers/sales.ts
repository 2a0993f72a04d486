import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { localDate } from '#domain/local-time.ts';
import { printedCode } from '#domain/voucher-code.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { openedCodes } from './codes.ts';
import type {
  SoldVoucher,
  SoldVoucherPage,
  SoldVoucherQuery,
  VoucherOffers,
  VoucherSale,
  VoucherSalePage,
  VoucherSaleQuery,
  VoucherSaleWithCodes,
} from './sales-schema.ts';
import * as sales from './sales-store.ts';
import { tenantOf } from './store.ts';

const planOf = (row: { readonly service_plan_id: string | null; readonly plan_name: string | null }) =>
  row.service_plan_id === null ? null : { id: row.service_plan_id, name: row.plan_name ?? '' };

const saleView = (row: sales.SaleRow): VoucherSale => ({
  id: row.id,
  reseller: { id: row.reseller_id, name: row.reseller_name },
  batch: {
    id: row.batch_id,
    days: row.days,
    service_plan: planOf(row),
    price: Number(row.price),
    expires_on: row.expires_on,
  },
  count: row.count,
  unit_price: Number(row.unit_price),
  amount: Number(row.unit_price) * row.count,
  unused: row.unused,
  redeemed: row.redeemed,
  taken_back: row.taken_back,
  sold_at: row.sold_at.toISOString(),
});

const soldView = (row: sales.SoldRow): SoldVoucher => ({
  ...row,
  price: Number(row.price),
  sold_at: row.sold_at.toISOString(),
  redeemed_at: row.redeemed_at?.toISOString() ?? null,
  taken_back_at: row.taken_back_at?.toISOString() ?? null,
});

/** What a reseller may buy, and at which price. `now` in ms since 1970. */
export async function listOffers(tx: Tx, who: Who, now: number): Promise<VoucherOffers> {
  demand(who.caller, 'own_sales:read');
  const resellerId = demandReseller(who);
  const { settings } = await tenantOf(tx, who.tenantId);
  const today = localDate(now, readTenantSettings(settings).time_zone);
  const offers = await sales.listOffers(tx, { tenantId: who.tenantId, resellerId, today });
  return {
    data: offers.map(({ id, service_plan_id, plan_name, price, reseller_price, ...rest }) => ({
      batch_id: id,
      ...rest,
      service_plan: planOf({ service_plan_id, plan_name }),
      price: Number(price),
      reseller_price: Number(reseller_price),
    })),
  };
}

/** A reseller's own sales. */
export async function listOwnSales(tx: Tx, who: Who, query: VoucherSaleQuery): Promise<VoucherSalePage> {
  demand(who.caller, 'own_sales:read');
  const reseller_id = demandReseller(who);
  return mapPage(await sales.listSales(tx, who.tenantId, { ...query, reseller_id }), saleView);
}

/** Which of its vouchers are redeemed. */
export async function listOwnVouchers(tx: Tx, who: Who, query: SoldVoucherQuery): Promise<SoldVoucherPage> {
  demand(who.caller, 'own_sales:read');
  return mapPage(await sales.listSold(tx, who.tenantId, demandReseller(who), query), soldView);
}

/** Everybody's sales, for the ISP. */
export async function listSales(tx: Tx, who: Who, query: VoucherSaleQuery): Promise<VoucherSalePage> {
  demand(who.caller, 'vouchers:read');
  return mapPage(await sales.listSales(tx, who.tenantId, query), saleView);
}

/** One sale, for the ISP: without its codes. */
export async function showSale(tx: Tx, who: Who, id: string): Promise<VoucherSale> {
  demand(who.caller, 'vouchers:read');
  const row = await sales.findSale(tx, who.tenantId, id, null);
  if (!row) throw notFound('sale of vouchers');
  return saleView(row);
}

/** A sale with its codes still sealed. */
export type SealedSale = { readonly sale: sales.SaleRow; readonly codes: readonly sales.SoldCode[] };

/** A reseller's own sale. */
export async function readSale(tx: Tx, who: Who, id: string): Promise<SealedSale> {
  const sale = await sales.findSale(tx, who.tenantId, id, demandReseller(who));
  if (!sale) throw notFound('sale of vouchers');
  return { sale, codes: await sales.soldCodes(tx, who.tenantId, id) };
}

/** Its codes as they are printed; of those that are worth nothing any more there is none. */
export async function showCodes(vault: TenantVault, { sale, codes }: SealedSale): Promise<VoucherSaleWithCodes> {
  const opened = await openedCodes(vault, codes);
  const secrets = new Map(opened.map(({ no, secret }) => [no, printedCode(sale.prefix, secret)]));
  return {
    ...saleView(sale),
    vouchers: codes.map(({ no, state }) => ({ no, state, code: secrets.get(no) ?? null })),
  };
}

export type RevealDeps = {
  readonly db: Database;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
};

/** A reseller's own sale with its codes; the audit log says who had them, and how. */
export async function revealSale(
  { db, vaultOf }: RevealDeps,
  who: Who,
  id: string,
  form: 'list' | 'sheet' | 'csv',
): Promise<VoucherSaleWithCodes> {
  demand(who.caller, 'own_sales:write');
  const vault = await vaultOf(who.tenantId);
  const sealed = await db.tenant(who.tenantId, async (tx) => {
    const found = await readSale(tx, who, id);
    await record(tx, who, { action: 'reveal', entity: 'voucher_sale', id, after: { form, codes: found.sale.unused } });
    return found;
  });
  return showCodes(vault, sealed);
}
