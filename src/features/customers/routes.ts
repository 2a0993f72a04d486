import type { Context } from 'hono';
import type { Database } from '#db/database.ts';
import { demandReseller } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { newRoutes, type RouteEnv, type Routes, type Who, whoAsks } from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import * as changing from './changing.ts';
import { customerHistory } from './history.ts';
import * as reading from './reading.ts';
import type { AddedLine, Registered } from './registering.ts';
import * as route from './route-definitions.ts';
import type { NewCustomer, NewLine } from './schema.ts';

export type CustomersDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** The journey that makes a customer with its first line, committed when it answers; refuses by throwing a Refusal. */
  readonly register: (who: Who, customer: NewCustomer) => Promise<Registered>;
  /** The same for one more line of a customer. */
  readonly addLine: (who: Who, customerId: string, line: NewLine) => Promise<AddedLine>;
  /** Decides about a marked line at once. Never rejects: what fails is logged, and the loop decides a moment later. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

async function lookingOf({ vaultOf, clock }: CustomersDeps, c: Context<RouteEnv>) {
  const who = whoAsks(c);
  return { who, looking: { vault: await vaultOf(who.tenantId), now: clock() } };
}

function readingRoutes(deps: CustomersDeps): Routes {
  const { db } = deps;
  const routes = newRoutes();
  routes.openapi(route.list, async (c) => {
    const { who, looking } = await lookingOf(deps, c);
    const query = c.req.valid('query');
    return c.json(await db.tenant(who.tenantId, (tx) => reading.listCustomers(tx, who, query, looking)), 200);
  });
  routes.openapi(route.statistics, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => reading.customerStatistics(tx, who)), 200);
  });
  routes.openapi(route.get, async (c) => {
    const { who, looking } = await lookingOf(deps, c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => reading.getCustomerWithLines(tx, who, id, looking)), 200);
  });
  routes.openapi(route.history, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => customerHistory(tx, who, c.req.valid('param').id)), 200);
  });
  return routes;
}

/** Registers, has the line decided about, and shows both with the password. */
async function registered(deps: CustomersDeps, c: Context<RouteEnv>, form: NewCustomer) {
  const { who, looking } = await lookingOf(deps, c);
  const { customerId, subscriptionId, password } = await deps.register(who, form);
  await deps.decideNow(who.tenantId, subscriptionId);
  const { customer, line } = await deps.db.tenant(who.tenantId, async (tx) => ({
    customer: await reading.showCustomer(tx, who, customerId, looking),
    line: await reading.showLine(tx, who, customerId, subscriptionId, looking),
  }));
  return { ...customer, subscription: { ...line, password } };
}

/** `customers` (spec C3 to C7, C9), and `reseller/customers` where it registers. */
export function customersRoutes(deps: CustomersDeps): Routes {
  const { db } = deps;
  const routes = readingRoutes(deps);
  routes.openapi(route.create, async (c) => c.json(await registered(deps, c, c.req.valid('json')), 201));
  routes.openapi(route.createOwn, async (c) => {
    demandReseller(whoAsks(c));
    return c.json(await registered(deps, c, c.req.valid('json')), 201);
  });
  routes.openapi(route.addLine, async (c) => {
    const { who, looking } = await lookingOf(deps, c);
    const { id } = c.req.valid('param');
    const { subscriptionId, password } = await deps.addLine(who, id, c.req.valid('json'));
    await deps.decideNow(who.tenantId, subscriptionId);
    const line = await db.tenant(who.tenantId, (tx) => reading.showLine(tx, who, id, subscriptionId, looking));
    return c.json({ ...line, password }, 201);
  });
  routes.openapi(route.change, async (c) => {
    const { who, looking } = await lookingOf(deps, c);
    const { id } = c.req.valid('param');
    const asked = c.req.valid('json');
    return c.json(await db.tenant(who.tenantId, (tx) => changing.changeCustomer(tx, who, id, asked, looking)), 200);
  });
  routes.openapi(route.remove, async (c) => {
    const who = whoAsks(c);
    await db.tenant(who.tenantId, (tx) => changing.removeCustomer(tx, who, c.req.valid('param').id));
    return c.body(null, 204);
  });
  return routes;
}
