import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { newRoutes, type Routes, whoAsks } from '#platform/routing.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import { changeOrder } from './changing.ts';
import { addOrder } from './issuing.ts';
import { addPhoto, readPhoto } from './photos.ts';
import * as route from './route-definitions.ts';
import { getOrder, listOrders, showOrder } from './verbs.ts';

export type WorkOrdersDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly files: TenantFiles;
  /** Decides about a marked line at once. Never rejects: what fails is logged, and the loop decides a moment later. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

/** `work-orders` (spec A3). */
export function workOrdersRoutes(deps: WorkOrdersDeps): Routes {
  const { db, clock } = deps;
  const routes = newRoutes();
  routes.openapi(route.create, async (c) => {
    const who = whoAsks(c);
    const made = await db.tenant(who.tenantId, async (tx) => {
      const { id } = await addOrder(tx, who, c.req.valid('json'), clock());
      return showOrder(tx, who, id);
    });
    return c.json(made, 201);
  });
  routes.openapi(route.list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listOrders(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(route.get, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getOrder(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(route.change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const changed = await db.tenant(who.tenantId, async (tx) => {
      await changeOrder(tx, who, id, c.req.valid('json'), clock());
      return showOrder(tx, who, id);
    });
    const { kind, state, subscription } = changed;
    if (kind === 'install' && state === 'installed' && subscription)
      await deps.decideNow(who.tenantId, subscription.id);
    return c.json(changed, 200);
  });
  routes.openapi(route.addPhoto, async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    return c.json(await addPhoto(deps, whoAsks(c), c.req.valid('param').id, bytes, c.req.valid('query')), 201);
  });
  routes.openapi(route.getPhoto, async (c) => {
    const { id, photo_id } = c.req.valid('param');
    const { bytes, type } = await readPhoto(deps, whoAsks(c), id, photo_id);
    return c.body(bytes, 200, {
      'Content-Type': type,
      'Content-Disposition': 'inline',
      // Whatever hides behind a picture's first bytes: no browser runs it.
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    });
  });
  return routes;
}
