import type { Database, Tx } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { newRoutes, type Routes, type Who, whoAsks } from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { changePlanByHand, moveByHand } from './by-hand.ts';
import { listPastSessions } from './past-sessions.ts';
import { revealPassword, rotatePassword } from './pppoe-password.ts';
import type { RadiusView } from './radius-view.ts';
import * as route from './route-definitions.ts';
import type { Line } from './schema.ts';
import { explain, getLineWithLinks, getOnline, listLines, showLine } from './verbs.ts';

export type SubscriptionsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly radius: RadiusView;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** Makes a move, and bills or gives back what follows from it, in the caller's transaction. */
  readonly billed: (tx: Tx, who: Who, id: string, move: () => Promise<void>) => Promise<void>;
  /** Decides about a marked line at once. Never rejects: what fails is logged, and the loop decides a moment later. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

/** `subscriptions` (spec C6, C9, B1, B6, R9). */
export function subscriptionsRoutes(deps: SubscriptionsDeps): Routes {
  const { db, clock, radius } = deps;
  const routes = newRoutes();

  /** Changes a line, has it decided about, and answers how it stands then. */
  async function changed(who: Who, id: string, change: (tx: Tx) => Promise<void>): Promise<Line> {
    await db.tenant(who.tenantId, (tx) => deps.billed(tx, who, id, () => change(tx)));
    await deps.decideNow(who.tenantId, id);
    return db.tenant(who.tenantId, (tx) => showLine(tx, who, id, clock()));
  }

  routes.openapi(route.list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listLines(tx, who, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(route.get, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const { line, canonical } = await db.tenant(who.tenantId, (tx) => getLineWithLinks(tx, who, id, clock()));
    return c.json({ ...line, ...(await getOnline(radius, who.tenantId, canonical)) }, 200);
  });
  routes.openapi(route.explain, async (c) => c.json(await explain(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(route.sessions, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await listPastSessions(deps, whoAsks(c), id, c.req.valid('query')), 200);
  });

  for (const move of ['activate', 'suspend', 'resume', 'terminate'] as const) {
    routes.openapi(route.moveRoutes[move], async (c) => {
      const who = whoAsks(c);
      const { id } = c.req.valid('param');
      const { reason } = c.req.valid('json');
      return c.json(await changed(who, id, (tx) => moveByHand(tx, who, id, move, reason, clock())), 200);
    });
  }
  routes.openapi(route.changePlan, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const { service_plan_id, reason } = c.req.valid('json');
    return c.json(await changed(who, id, (tx) => changePlanByHand(tx, who, id, service_plan_id, reason)), 200);
  });
  routes.openapi(route.password, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const vault = await deps.vaultOf(who.tenantId);
    if (c.req.valid('json').action === 'reveal') {
      return c.json(await db.tenant(who.tenantId, (tx) => revealPassword(tx, who, id, vault)), 200);
    }
    const shown = await db.tenant(who.tenantId, (tx) => rotatePassword(tx, who, id, vault));
    await deps.decideNow(who.tenantId, id);
    return c.json(shown, 200);
  });
  return routes;
}
