import type { Context } from 'hono';
import type { Database, Tx } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { newRoutes, type RouteEnv, type Routes, requireRole, tenantOf } from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { changePlanByHand, type Hand, moveByHand } from './by-hand.ts';
import { explainLine } from './explain.ts';
import { revealPassword, rotatePassword } from './pppoe-password.ts';
import type { RadiusView } from './radius-view.ts';
import * as route from './route-definitions.ts';
import type { Line } from './schema.ts';
import { getLine, getLineWithLinks, getOnline, listLines } from './verbs.ts';

export type SubscriptionsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly radius: RadiusView;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** Decides about a marked line at once. Never rejects: what fails is logged, and the loop decides a moment later. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

function handOf(c: Context<RouteEnv>): Hand {
  const caller = c.get('caller');
  requireRole(caller, 'admin');
  return { tenantId: tenantOf(caller), userId: caller.userId, correlationId: c.get('correlationId') };
}

/** `subscriptions` (spec C6, C9, B1, B6, R9). */
export function subscriptionsRoutes(deps: SubscriptionsDeps): Routes {
  const { db, clock, radius } = deps;
  const routes = newRoutes();

  /** Changes a line, has it decided about, and answers how it stands then. */
  async function changed(hand: Hand, id: string, change: (tx: Tx) => Promise<void>): Promise<Line> {
    await db.tenant(hand.tenantId, change);
    await deps.decideNow(hand.tenantId, id);
    return db.tenant(hand.tenantId, (tx) => getLine(tx, hand.tenantId, id, clock()));
  }

  routes.openapi(route.list, async (c) => {
    const { tenantId } = handOf(c);
    return c.json(await db.tenant(tenantId, (tx) => listLines(tx, tenantId, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(route.get, async (c) => {
    const { tenantId } = handOf(c);
    const { id } = c.req.valid('param');
    const { line, canonical } = await db.tenant(tenantId, (tx) => getLineWithLinks(tx, tenantId, id, clock()));
    return c.json({ ...line, ...(await getOnline(radius, tenantId, canonical)) }, 200);
  });
  routes.openapi(route.explain, async (c) => {
    const { tenantId } = handOf(c);
    return c.json(await explainLine(deps, tenantId, c.req.valid('param').id), 200);
  });

  for (const move of ['activate', 'suspend', 'resume', 'terminate'] as const) {
    routes.openapi(route.moveRoutes[move], async (c) => {
      const hand = handOf(c);
      const { id } = c.req.valid('param');
      const { reason } = c.req.valid('json');
      return c.json(await changed(hand, id, (tx) => moveByHand(tx, hand, id, move, reason, clock())), 200);
    });
  }
  routes.openapi(route.changePlan, async (c) => {
    const hand = handOf(c);
    const { id } = c.req.valid('param');
    const { service_plan_id, reason } = c.req.valid('json');
    return c.json(await changed(hand, id, (tx) => changePlanByHand(tx, hand, id, service_plan_id, reason)), 200);
  });
  routes.openapi(route.password, async (c) => {
    const hand = handOf(c);
    const { id } = c.req.valid('param');
    const vault = await deps.vaultOf(hand.tenantId);
    if (c.req.valid('json').action === 'reveal') {
      return c.json(await db.tenant(hand.tenantId, (tx) => revealPassword(tx, hand, id, vault)), 200);
    }
    const shown = await db.tenant(hand.tenantId, (tx) => rotatePassword(tx, hand, id, vault));
    await deps.decideNow(hand.tenantId, id);
    return c.json(shown, 200);
  });
  return routes;
}
