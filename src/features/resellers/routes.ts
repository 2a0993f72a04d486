import type { Database } from '#db/database.ts';
import { newRoutes, type Routes, whoAsks } from '#platform/routing.ts';
import { getOffer, replaceOffer } from './offer.ts';
import * as route from './route-definitions.ts';
import { addReseller, changeReseller, getReseller, listResellers, resellerStatistics } from './verbs.ts';

export type ResellersDeps = { readonly db: Database };

/** `resellers`: the partners that a tenant sells through (spec S1), as its own people see them. */
export function resellersRoutes({ db }: ResellersDeps): Routes {
  const routes = newRoutes();
  routes.openapi(route.create, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => addReseller(tx, who, c.req.valid('json'))), 201);
  });
  routes.openapi(route.list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listResellers(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(route.get, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getReseller(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(route.change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => changeReseller(tx, who, id, c.req.valid('json'))), 200);
  });
  routes.openapi(route.statistics, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => resellerStatistics(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(route.getPlans, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getOffer(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(route.putPlans, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => replaceOffer(tx, who, id, c.req.valid('json'))), 200);
  });
  return routes;
}
