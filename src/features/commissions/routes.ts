import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { newRoutes, type Routes, whoAsks } from '#platform/routing.ts';
import { type PayingDeps, payPayout } from './pay.ts';
import { approvePayout, cancelPayout, getPayout, listPayouts, makePayouts } from './payouts.ts';
import { listCommissions, listOwn, ownSummary, summaryOf } from './reading.ts';
import * as definitions from './route-definitions.ts';
import * as ruleRoutes from './rule-routes.ts';
import { addRule, changeRule, getRule, listRules, removeRule } from './rules.ts';

/** `books`, `creditDeposit`: of other rooms, as this one uses them. */
export type CommissionsDeps = { readonly db: Database; readonly clock: Clock; readonly paying: PayingDeps };

function addRuleRoutes(routes: Routes, { db, clock }: CommissionsDeps): void {
  routes.openapi(ruleRoutes.create, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => addRule(tx, who, c.req.valid('json'), clock())), 201);
  });
  routes.openapi(ruleRoutes.list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listRules(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(ruleRoutes.get, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getRule(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(ruleRoutes.change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => changeRule(tx, who, id, c.req.valid('json'), clock())), 200);
  });
  routes.openapi(ruleRoutes.remove, async (c) => {
    const who = whoAsks(c);
    await db.tenant(who.tenantId, (tx) => removeRule(tx, who, c.req.valid('param').id));
    return c.body(null, 204);
  });
}

function addReading(routes: Routes, { db, clock }: CommissionsDeps): void {
  routes.openapi(definitions.own, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listOwn(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(definitions.ownSums, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => ownSummary(tx, who, clock())), 200);
  });
  routes.openapi(definitions.list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listCommissions(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(definitions.sums, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => summaryOf(tx, who, id, clock())), 200);
  });
}

function addPayouts(routes: Routes, { db, clock, paying }: CommissionsDeps): void {
  routes.openapi(definitions.make, async (c) => {
    const who = whoAsks(c);
    const wish = c.req.valid('json');
    return c.json({ data: await db.tenant(who.tenantId, (tx) => makePayouts(tx, who, wish, clock())) }, 201);
  });
  routes.openapi(definitions.listPayouts, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listPayouts(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(definitions.getPayout, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getPayout(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(definitions.approve, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => approvePayout(tx, who, id, clock())), 200);
  });
  routes.openapi(definitions.cancel, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => cancelPayout(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(definitions.pay, async (c) => {
    const who = whoAsks(c);
    const [{ id }, how] = [c.req.valid('param'), c.req.valid('json')];
    return c.json(await db.tenant(who.tenantId, (tx) => payPayout(tx, who, id, how, clock(), paying)), 200);
  });
}

/** `commission-rules`, `commissions`, `commission-payouts`, `reseller/commissions` (spec S3). */
export function commissionsRoutes(deps: CommissionsDeps): Routes {
  const routes = newRoutes();
  addRuleRoutes(routes, deps);
  addReading(routes, deps);
  addPayouts(routes, deps);
  return routes;
}
