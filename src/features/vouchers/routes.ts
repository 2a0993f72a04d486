import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import type { Press } from '#platform/paper/press.ts';
import { newRoutes, type Routes, type Who, whoAsks } from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { download } from './download.ts';
import { codesAsCsv } from './hand-out.ts';
import * as define from './route-definitions.ts';
import type { RedeemAsk, Redeemed } from './schema.ts';
import { printSheet } from './sheet.ts';
import { changeBatch, createBatch, listBatches, listVouchers, showBatch, voidBatch } from './verbs.ts';

export type VoucherDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  readonly press: Press;
  /** Redeems in the name of somebody, and lets the line in (journeys/redeem-voucher.ts). */
  readonly redeem: (who: Who, typed: RedeemAsk) => Promise<Redeemed>;
};

/** Vouchers (spec R4). */
export function vouchersRoutes(deps: VoucherDeps): Routes {
  const { db, clock, vaultOf, redeem } = deps;
  const routes = newRoutes();
  routes.openapi(define.createBatchRoute, async (c) => {
    const who = whoAsks(c);
    const vault = await vaultOf(who.tenantId);
    const wish = c.req.valid('json');
    return c.json(await db.tenant(who.tenantId, (tx) => createBatch(tx, who, wish, vault, clock())), 201);
  });
  routes.openapi(define.listVouchersRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listVouchers(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(define.redeemRoute, async (c) => c.json(await redeem(whoAsks(c), c.req.valid('json')), 200));
  routes.openapi(define.listBatchesRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listBatches(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(define.showBatchRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => showBatch(tx, who, id)), 200);
  });
  routes.openapi(define.changeBatchRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => changeBatch(tx, who, id, c.req.valid('json'))), 200);
  });
  routes.openapi(define.voidBatchRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const wish = c.req.valid('json');
    return c.json(await db.tenant(who.tenantId, (tx) => voidBatch(tx, who, id, wish, clock())), 200);
  });
  routes.openapi(define.sheetRoute, async (c) => {
    const { id } = c.req.valid('param');
    const pdf = await printSheet(deps, whoAsks(c), id, c.req.valid('query').language);
    return c.body(Buffer.from(pdf), 200, download('application/pdf', 'vouchers.pdf'));
  });
  routes.openapi(define.csvRoute, async (c) => {
    const csv = await codesAsCsv(deps, whoAsks(c), c.req.valid('param').id);
    return c.body(csv, 200, download('text/csv; charset=utf-8', 'vouchers.csv'));
  });
  return routes;
}
