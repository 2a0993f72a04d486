import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { newRoutes, type Routes, type Who, whoAsks } from '#platform/routing.ts';
import * as route from './route-definitions.ts';
import type { Conversion } from './schema.ts';
import { addLead, changeLead, checkLead, getLead, listLeads } from './verbs.ts';

export type LeadsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** The journey that makes a customer of a lead, committed when it answers; refuses by throwing a Refusal. */
  readonly convert: (
    who: Who,
    leadId: string,
    asked: Conversion,
  ) => Promise<{
    readonly customerId: string;
    readonly customerCode: string;
    readonly subscriptionId: string;
    readonly username: string;
    readonly password: string;
  }>;
  /** Decides about a marked line at once. Never rejects. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

/** `leads` (spec C8). */
export function leadsRoutes({ db, clock, convert, decideNow }: LeadsDeps): Routes {
  const routes = newRoutes();
  routes.openapi(route.create, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => addLead(tx, who, c.req.valid('json'))), 201);
  });
  routes.openapi(route.list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listLeads(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(route.get, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getLead(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(route.change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => changeLead(tx, who, id, c.req.valid('json'))), 200);
  });
  routes.openapi(route.check, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => checkLead(tx, who, c.req.valid('param').id, clock())), 200);
  });
  routes.openapi(route.convert, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const made = await convert(who, id, c.req.valid('json'));
    await decideNow(who.tenantId, made.subscriptionId);
    const lead = await db.tenant(who.tenantId, (tx) => getLead(tx, who, id));
    const { customerId, customerCode, subscriptionId, username, password } = made;
    const subscription = { id: subscriptionId, username, password };
    return c.json({ lead, customer_id: customerId, customer_code: customerCode, subscription }, 201);
  });
  return routes;
}
