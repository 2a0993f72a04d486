import { randomUUID } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import {
  answers,
  IdParam,
  needs,
  newRoutes,
  type RouteEnv,
  type Routes,
  refuses,
  takes,
  type Who,
  whoAsks,
} from '#platform/routing.ts';
import type { PaymentDeps } from './billing-deps.ts';
import { getPayment, listPayments } from './listing.ts';
import { changePayment, recordPayment } from './pay-by-hand.ts';
import {
  NewPaymentForm,
  NewRefund,
  Payment,
  PaymentChange,
  PaymentPage,
  PaymentQuery,
  Revenue,
  RevenueQuery,
} from './payment-schema.ts';
import { readRevenue } from './revenue.ts';
import { Why } from './schema.ts';
import { refundPayment, reversePayment } from './take-back.ts';

const tags = ['Billing'];
const one = '/payments/{id}';
const usual = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT');

const add = createRoute({
  ...needs('payments:write'),
  method: 'post',
  path: '/payments',
  tags,
  summary: 'Record money received, or demand it',
  description:
    'With `payment_date` the money was received: it settles the bill that is named and then the oldest, what is left is ' +
    'the customer’s credit (`unallocated`), and the lines come back in the same transaction. Without one it is demanded: ' +
    'a bill backs it (one is made where none is named), it is due on the billing day, and falls overdue by itself. ' +
    'Where ERPNext is the ledger money received is pushed there, and a demand is a bill there: 409.',
  request: { body: takes(NewPaymentForm) },
  responses: { 201: answers(Payment, 'Recorded'), ...usual },
});

const list = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: '/payments',
  tags,
  summary: 'Money received and demanded',
  request: { query: PaymentQuery },
  responses: { 200: answers(PaymentPage, 'A page of it'), ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN') },
});

const get = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'A payment, and the bills that it settles',
  request: { params: IdParam },
  responses: {
    200: answers(Payment, 'The payment'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'),
  },
});

const change = createRoute({
  ...needs('payments:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'What was demanded is paid, or demanded no more',
  request: { params: IdParam, body: takes(PaymentChange) },
  responses: { 200: answers(Payment, 'Changed'), ...usual },
});

const reverse = createRoute({
  ...needs('payments:refund'),
  method: 'post',
  path: `${one}/reverse`,
  tags,
  summary: 'Take a payment back that was none',
  description:
    'What it settled is open again; for five minutes that cuts nobody. What a reseller’s deposit paid goes back there; ' +
    'where ERPNext keeps the payment it is cancelled there first.',
  request: { params: IdParam, body: takes(Why) },
  responses: { 200: answers(Payment, 'Reversed'), ...usual },
});

const refund = createRoute({
  ...needs('payments:refund'),
  method: 'post',
  path: `${one}/refunds`,
  tags,
  summary: 'Pay back what of a payment settles no bill',
  request: { params: IdParam, body: takes(NewRefund) },
  responses: { 201: answers(Payment, 'The payment, less what was paid back'), ...usual },
});

const revenue = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: '/billing/revenue',
  tags,
  summary: 'What was paid in a month, and its growth against the month before',
  request: { query: RevenueQuery },
  responses: {
    200: answers(Revenue, 'The revenue'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'),
  },
});

/** The request's own key, so that money is taken once even where the answer's keeping failed. */
function idemKeyOf(c: Context<RouteEnv>, who: Who): string {
  const given = c.req.header('Idempotency-Key');
  return given === undefined ? randomUUID() : `${who.caller.userId} ${given}`;
}

/** Payments, refunds and revenue (spec L2, L3, V1). */
export function paymentRoutes({ db, clock, decide, giveBack }: PaymentDeps): Routes {
  const routes = newRoutes();
  routes.openapi(add, async (c) => {
    const who = whoAsks(c);
    const how = { idemKey: idemKeyOf(c, who), now: clock() };
    const taken = await db.tenant(who.tenantId, async (tx) => {
      const { answer, lines } = await recordPayment(tx, who, c.req.valid('json'), how);
      await decide(tx, who.tenantId, lines, how.now);
      return answer;
    });
    return c.json(taken, 201);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listPayments(tx, who, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(get, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => getPayment(tx, who, id, clock())), 200);
  });
  routes.openapi(change, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const changed = await db.tenant(who.tenantId, async (tx) => {
      const { answer, lines } = await changePayment(tx, who, id, c.req.valid('json'), clock());
      await decide(tx, who.tenantId, lines, clock());
      return answer;
    });
    return c.json(changed, 200);
  });
  routes.openapi(reverse, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const reversed = await db.tenant(who.tenantId, async (tx) => {
      const { answer, lines, toDeposit } = await reversePayment(tx, who, id, c.req.valid('json'), clock());
      await decide(tx, who.tenantId, lines, clock());
      if (toDeposit) await giveBack(tx, who, toDeposit, clock());
      return answer;
    });
    return c.json(reversed, 200);
  });
  routes.openapi(refund, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const wish = { ...c.req.valid('json'), idemKey: idemKeyOf(c, who) };
    const refunded = await db.tenant(who.tenantId, async (tx) => {
      const { answer, toDeposit } = await refundPayment(tx, who, id, wish, clock());
      if (toDeposit) await giveBack(tx, who, toDeposit, clock());
      return answer;
    });
    return c.json(refunded, 201);
  });
  routes.openapi(revenue, async (c) => {
    const who = whoAsks(c);
    const { month } = c.req.valid('query');
    return c.json(await db.tenant(who.tenantId, (tx) => readRevenue(tx, who, month, clock())), 200);
  });
  return routes;
}
