import type { Database } from '#db/database.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { newRoutes, type Routes, whoAsks } from '#platform/routing.ts';
import { moveConsumable, noteUse } from './moving.ts';
import * as route from './route-definitions.ts';
import {
  addConsumable,
  changeConsumable,
  getConsumable,
  listConsumables,
  listMoves,
  removeConsumable,
} from './verbs.ts';

export type ConsumablesDeps = { readonly db: Database; readonly appendMessage: AppendMessage };

/** `consumables` (spec A8). */
export function consumablesRoutes({ db, appendMessage }: ConsumablesDeps): Routes {
  const routes = newRoutes();
  routes.openapi(route.create, async (c) => {
    const who = whoAsks(c);
    const asked = c.req.valid('json');
    return c.json(await db.tenant(who.tenantId, (tx) => addConsumable(tx, who, asked, appendMessage)), 201);
  });
  routes.openapi(route.list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listConsumables(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(route.get, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getConsumable(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(route.change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const wish = c.req.valid('json');
    return c.json(await db.tenant(who.tenantId, (tx) => changeConsumable(tx, who, id, wish, appendMessage)), 200);
  });
  routes.openapi(route.remove, async (c) => {
    const who = whoAsks(c);
    await db.tenant(who.tenantId, (tx) => removeConsumable(tx, who, c.req.valid('param').id));
    return c.body(null, 204);
  });
  routes.openapi(route.move, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const wish = c.req.valid('json');
    return c.json(await db.tenant(who.tenantId, (tx) => moveConsumable({ tx, who, appendMessage }, id, wish)), 201);
  });
  routes.openapi(route.moves, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => listMoves(tx, who, id, c.req.valid('query'))), 200);
  });
  routes.openapi(route.use, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const wish = c.req.valid('json');
    return c.json(await db.tenant(who.tenantId, (tx) => noteUse({ tx, who, appendMessage }, id, wish)), 201);
  });
  return routes;
}
