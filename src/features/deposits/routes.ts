import type { GatewayDesk } from '#platform/gateway-desk.ts';
import { moneyKey } from '#platform/money-key.ts';
import { newRoutes, type Routes, type Who, whoAsks } from '#platform/routing.ts';
import type { DepositPayment, DepositPaymentForm } from './payment-schema.ts';
import {
  approveTopUp,
  askTopUp,
  enterByHand,
  listOwnTopUps,
  listTopUps,
  type Requesting,
  rejectTopUp,
} from './requests.ts';
import * as define from './route-definitions.ts';
import { changeDeposit, listMoves, showDeposit, statementCsv } from './statement.ts';

type DepositsDeps = Requesting & {
  readonly desk: Pick<GatewayDesk, 'connected'>;
  /** Pays a customer's bills out of the caller's deposit (journeys/pay-from-deposit.ts). */
  readonly pay: (who: Who, form: DepositPaymentForm, idemKey: string) => Promise<DepositPayment>;
};

const download = {
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': 'attachment; filename="deposit.csv"',
  'Cache-Control': 'private, no-store',
};

async function shown({ db, clock, desk }: DepositsDeps, who: Who, resellerId: string | null) {
  const gateways = await desk.connected(who.tenantId);
  return db.tenant(who.tenantId, (tx) => showDeposit(tx, { who, resellerId }, { now: clock(), gateways }));
}

/** What a reseller does with its own deposit (spec S2). */
export function ownDepositRoutes(deps: DepositsDeps): Routes {
  const { db, clock } = deps;
  const routes = newRoutes();
  routes.openapi(define.showOwnRoute, async (c) => c.json(await shown(deps, whoAsks(c), null), 200));
  routes.openapi(define.ownMovesRoute, async (c) => {
    const who = whoAsks(c);
    const query = c.req.valid('query');
    return c.json(await db.tenant(who.tenantId, (tx) => listMoves(tx, { who, resellerId: null }, query)), 200);
  });
  routes.openapi(define.ownStatementRoute, async (c) => {
    const who = whoAsks(c);
    const range = c.req.valid('query');
    const text = await db.tenant(who.tenantId, (tx) => statementCsv(tx, { who, resellerId: null }, range));
    return c.body(text, 200, download);
  });
  routes.openapi(define.askRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await askTopUp(deps, who, c.req.valid('json'), moneyKey(c, who)), 201);
  });
  routes.openapi(define.ownTopUpsRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listOwnTopUps(tx, who, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(define.payRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await deps.pay(who, c.req.valid('json'), moneyKey(c, who)), 201);
  });
  return routes;
}

/** What whoever looks after money does with resellers' deposits. */
export function depositRoutes(deps: DepositsDeps): Routes {
  const { db, clock } = deps;
  const routes = newRoutes();
  routes.openapi(define.showRoute, async (c) => c.json(await shown(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(define.changeRoute, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    await db.tenant(who.tenantId, (tx) => changeDeposit(tx, who, id, c.req.valid('json')));
    return c.json(await shown(deps, who, id), 200);
  });
  routes.openapi(define.movesRoute, async (c) => {
    const looking = { who: whoAsks(c), resellerId: c.req.valid('param').id };
    return c.json(await db.tenant(looking.who.tenantId, (tx) => listMoves(tx, looking, c.req.valid('query'))), 200);
  });
  routes.openapi(define.statementRoute, async (c) => {
    const looking = { who: whoAsks(c), resellerId: c.req.valid('param').id };
    const text = await db.tenant(looking.who.tenantId, (tx) => statementCsv(tx, looking, c.req.valid('query')));
    return c.body(text, 200, download);
  });
  routes.openapi(define.enterRoute, async (c) => {
    const who = whoAsks(c);
    const wish = { ...c.req.valid('json'), kind: 'top_up' as const, resellerId: c.req.valid('param').id };
    return c.json(await enterByHand(deps, who, wish, moneyKey(c, who)), 201);
  });
  routes.openapi(define.payOutRoute, async (c) => {
    const who = whoAsks(c);
    const wish = { ...c.req.valid('json'), kind: 'refund' as const, resellerId: c.req.valid('param').id };
    return c.json(await enterByHand(deps, who, wish, moneyKey(c, who)), 201);
  });
  routes.openapi(define.topUpsRoute, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listTopUps(tx, who, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(define.approveRoute, async (c) =>
    c.json(await approveTopUp(deps, whoAsks(c), c.req.valid('param').id), 200),
  );
  routes.openapi(define.rejectRoute, async (c) =>
    c.json(await rejectTopUp(deps, whoAsks(c), c.req.valid('param').id, c.req.valid('json')), 200),
  );
  return routes;
}
