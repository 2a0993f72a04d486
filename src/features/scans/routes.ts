import type { Database } from '#db/database.ts';
import { newRoutes, type Routes, type Who, whoAsks } from '#platform/routing.ts';
import * as define from './route-definitions.ts';
import type { NewScan, Scan } from './schema.ts';
import { listScans, showScan } from './verbs.ts';

/** What a scan brings about goes through several rooms (journeys/scans). */
export type ScanDeps = {
  readonly db: Database;
  readonly scan: (who: Who, wish: NewScan) => Promise<Scan>;
  readonly retry: (who: Who, id: string) => Promise<Scan>;
  readonly cancel: (who: Who, id: string) => Promise<Scan>;
};

/** Scans (spec A2, A4, A6). */
export function scansRoutes({ db, scan, retry, cancel }: ScanDeps): Routes {
  const routes = newRoutes();
  routes.openapi(define.scanRoute, async (c) => c.json(await scan(whoAsks(c), c.req.valid('json')), 200));
  routes.openapi(define.listScansRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listScans(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(define.showScanRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => showScan(tx, who, id)), 200);
  });
  routes.openapi(define.retryScanRoute, async (c) => c.json(await retry(whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(define.cancelScanRoute, async (c) => c.json(await cancel(whoAsks(c), c.req.valid('param').id), 200));
  return routes;
}
