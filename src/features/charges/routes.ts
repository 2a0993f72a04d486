import { createRoute } from '@hono/zod-openapi';
import {
  answers,
  IdParam,
  needs,
  newRoutes,
  type Routes,
  refuses,
  takes,
  type Who,
  whoAsks,
} from '#platform/routing.ts';
import type { Opening } from './opening.ts';
import { BillParam, Charge, ChargePage, ChargeQuery, NewCharge, RefundWish } from './schema.ts';
import { chargeBill, listCharges, readCharge } from './verbs.ts';

export type ChargesDeps = Opening & {
  /** Money that came in another amount is taken as it is. */
  readonly accept: (who: Who, id: string) => Promise<Charge>;
  /** Gives the money back through the gateway, and takes the payment back. */
  readonly refund: (who: Who, id: string, wish: RefundWish) => Promise<Charge>;
};

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['Payments'];

const create = createRoute({
  ...needs('payments:write'),
  method: 'post',
  path: '/invoices/{id}/charges',
  tags,
  summary: 'Have an invoice paid by QRIS, virtual account or e-wallet',
  description:
    'Asks the payment gateway to collect what is open, and answers what the payer needs. An open charge of the same ' +
    'invoice, amount and method that can still be paid is answered again. The gateway may take some seconds.',
  request: { params: BillParam, body: takes(NewCharge) },
  responses: {
    201: answers(Charge, 'What the payer needs'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE', 'UPSTREAM_FAILED'),
  },
});

const list = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: '/charges',
  tags,
  summary: 'Charges at payment gateways, the newest first',
  request: { query: ChargeQuery },
  responses: { 200: answers(ChargePage, 'A page of charges'), ...refuses(...usual) },
});

const read = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: '/charges/{id}',
  tags,
  summary: 'One charge, as far as the hub knows',
  request: { params: IdParam },
  responses: { 200: answers(Charge, 'The charge'), ...refuses(...usual, 'NOT_FOUND') },
});

const accept = createRoute({
  ...needs('payments:write'),
  method: 'post',
  path: '/charges/{id}/accept',
  tags,
  summary: 'Take the money of a held charge as it came',
  description: 'A charge is held where another amount was paid than was asked for. What it does not settle is credit.',
  request: { params: IdParam },
  responses: { 200: answers(Charge, 'Taken'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

const refund = createRoute({
  ...needs('payments:refund'),
  method: 'post',
  path: '/charges/{id}/refund',
  tags,
  summary: 'Give the money of a charge back through its gateway',
  description:
    'The whole amount goes back, and the payment is taken back. Tripay and Duitku give nothing back by their API: there ' +
    'it is done in their dashboard, and the payment is taken back here. Asked twice, it is given back once.',
  request: { params: IdParam, body: takes(RefundWish) },
  responses: {
    200: answers(Charge, 'Given back'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE', 'UPSTREAM_FAILED'),
  },
});

/** What payment gateways are asked to collect (spec L5). */
export function chargesRoutes(deps: ChargesDeps): Routes {
  const routes = newRoutes();
  const { db } = deps;
  routes.openapi(create, async (c) =>
    c.json(await chargeBill(deps, whoAsks(c), c.req.valid('param').id, c.req.valid('json')), 201),
  );
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listCharges(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(read, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => readCharge(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(accept, async (c) => c.json(await deps.accept(whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(refund, async (c) =>
    c.json(await deps.refund(whoAsks(c), c.req.valid('param').id, c.req.valid('json')), 200),
  );
  return routes;
}
