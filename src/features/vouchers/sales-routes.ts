import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { moneyKey } from '#platform/money-key.ts';
import type { Press } from '#platform/paper/press.ts';
import { newRoutes, type Routes, type Who, whoAsks } from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { download } from './download.ts';
import { printSale, saleAsCsv } from './sale-papers.ts';
import { listOffers, listOwnSales, listOwnVouchers, listSales, revealSale, showSale } from './sales.ts';
import * as define from './sales-definitions.ts';
import type { TakeBackAsk, VoucherPurchase, VoucherSale, VoucherSaleWithCodes } from './sales-schema.ts';

export type VoucherSalesDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly press: Press;
  /** Sells to whoever asks, from its deposit, and takes back (journeys/sell-vouchers.ts). */
  readonly sell: (who: Who, wish: VoucherPurchase, idemKey: string) => Promise<VoucherSaleWithCodes>;
  readonly takeBack: (who: Who, saleId: string, wish: TakeBackAsk) => Promise<VoucherSale>;
};

/** Vouchers that resellers sell (spec S1). */
export function voucherSalesRoutes(deps: VoucherSalesDeps): Routes {
  const { db, clock, sell, takeBack } = deps;
  const routes = newRoutes();
  routes.openapi(define.listOffersRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listOffers(tx, who, clock())), 200);
  });
  routes.openapi(define.buyRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await sell(who, c.req.valid('json'), moneyKey(c, who)), 201);
  });
  routes.openapi(define.listOwnVouchersRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listOwnVouchers(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(define.listOwnSalesRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listOwnSales(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(define.showCodesRoute, async (c) => {
    c.header('Cache-Control', 'private, no-store');
    return c.json(await revealSale(deps, whoAsks(c), c.req.valid('param').id, 'list'), 200);
  });
  routes.openapi(define.saleSheetRoute, async (c) => {
    const { id } = c.req.valid('param');
    const pdf = await printSale(deps, whoAsks(c), id, c.req.valid('query'));
    return c.body(Buffer.from(pdf), 200, download('application/pdf', 'vouchers.pdf'));
  });
  routes.openapi(define.saleCsvRoute, async (c) => {
    const csv = await saleAsCsv(deps, whoAsks(c), c.req.valid('param').id);
    return c.body(csv, 200, download('text/csv; charset=utf-8', 'vouchers.csv'));
  });
  routes.openapi(define.listSalesRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listSales(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(define.showSaleRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => showSale(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(define.takeBackRoute, async (c) =>
    c.json(await takeBack(whoAsks(c), c.req.valid('param').id, c.req.valid('json')), 200),
  );
  return routes;
}
