import type { Clock } from '#platform/clock.ts';
import { newRoutes, type Routes, whoAsks } from '#platform/routing.ts';
import { addAssets, type GoodsInDeps } from './goods-in.ts';
import { importAssets } from './import.ts';
import * as define from './route-definitions.ts';
import { changeAsset, getAsset, listAssets, listMoves, markAsset } from './verbs.ts';

export type AssetsDeps = GoodsInDeps & { readonly clock: Clock };

/** Modems and other units with a serial (spec A1). */
export function assetsRoutes(deps: AssetsDeps): Routes {
  const { db, clock } = deps;
  const routes = newRoutes();
  routes.openapi(define.addRoute, async (c) =>
    c.json({ data: await addAssets(deps, whoAsks(c), c.req.valid('json')) }, 201),
  );
  routes.openapi(define.importRoute, async (c) => {
    const who = whoAsks(c);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    return c.json(await importAssets(deps, who, bytes, c.req.valid('query')), 200);
  });
  routes.openapi(define.listRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listAssets(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(define.getRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getAsset(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(define.changeRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => changeAsset(tx, who, id, c.req.valid('json'))), 200);
  });
  routes.openapi(define.movesRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => listMoves(tx, who, id, c.req.valid('query'))), 200);
  });
  routes.openapi(define.markRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const now = new Date(clock());
    return c.json(await db.tenant(who.tenantId, (tx) => markAsset(tx, who, id, c.req.valid('json'), now)), 202);
  });
  return routes;
}
