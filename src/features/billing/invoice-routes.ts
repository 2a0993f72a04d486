import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import type { BillingDeps } from './billing-deps.ts';
import { cancelInvoice } from './cancel-invoice.ts';
import { creditInvoice } from './credit-note.ts';
import { issueByHand } from './issue-by-hand.ts';
import { getInvoice, listInvoices } from './listing.ts';
import { Statement, StatementQuery } from './payment-schema.ts';
import { InvoiceDetail, InvoicePage, InvoiceQuery, NewCredit, NewInvoice, Why } from './schema.ts';
import { readStatement } from './statement.ts';

const tags = ['Billing'];
const one = '/invoices/{id}';
const usual = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT');

const issue = createRoute({
  ...needs('invoices:write'),
  method: 'post',
  path: '/invoices',
  tags,
  summary: 'Make a bill by hand',
  description:
    'For one line of the customer, which is isolated if it stays unpaid. Credit that the customer has settles it at once. ' +
    'Where ERPNext is the ledger it makes the bills: 409.',
  request: { body: takes(NewInvoice) },
  responses: { 201: answers(InvoiceDetail, 'Issued'), ...usual },
});

const list = createRoute({
  ...needs('invoices:read'),
  method: 'get',
  path: '/invoices',
  tags,
  summary: 'Bills and credit notes of the hub’s own ledger',
  request: { query: InvoiceQuery },
  responses: {
    200: answers(InvoicePage, 'A page of them'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'),
  },
});

const get = createRoute({
  ...needs('invoices:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'A bill with its lines and what settles it',
  request: { params: IdParam },
  responses: {
    200: answers(InvoiceDetail, 'The bill'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'),
  },
});

const cancel = createRoute({
  ...needs('invoices:write'),
  method: 'post',
  path: `${one}/cancel`,
  tags,
  summary: 'Cancel a bill or a credit note',
  description:
    'Its number stays. Money that had settled it is free for the customer’s other bills. A bill of which a credit note ' +
    'stands is not cancelled before that is.',
  request: { params: IdParam, body: takes(Why) },
  responses: { 200: answers(InvoiceDetail, 'Cancelled'), ...usual },
});

const credit = createRoute({
  ...needs('invoices:write'),
  method: 'post',
  path: `${one}/credit-note`,
  tags,
  summary: 'Give back a bill or part of it',
  description: 'The credit note settles that bill first; what is left is the customer’s credit.',
  request: { params: IdParam, body: takes(NewCredit) },
  responses: { 201: answers(InvoiceDetail, 'The credit note'), ...usual },
});

const statement = createRoute({
  ...needs('invoices:read'),
  method: 'get',
  path: '/customers/{id}/statement',
  tags,
  summary: 'What a customer was billed and has paid, with the balance after each',
  description:
    'Of the hub’s own books; where ERPNext is the ledger, of what the hub last saw there, and of money on its way.',
  request: { params: IdParam, query: StatementQuery },
  responses: {
    200: answers(Statement, 'The statement'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'),
  },
});

/** Bills, credit notes and the statement of a customer (spec L2). */
export function invoiceRoutes({ db, clock, decide }: BillingDeps): Routes {
  const routes = newRoutes();
  routes.openapi(issue, async (c) => {
    const who = whoAsks(c);
    const issued = await db.tenant(who.tenantId, async (tx) => {
      const { answer, lines } = await issueByHand(tx, who, c.req.valid('json'), clock());
      await decide(tx, who.tenantId, lines, clock());
      return answer;
    });
    return c.json(issued, 201);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listInvoices(tx, who, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(get, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => getInvoice(tx, who, id, clock())), 200);
  });
  routes.openapi(cancel, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const cancelled = await db.tenant(who.tenantId, async (tx) => {
      const { answer, lines } = await cancelInvoice(tx, who, id, c.req.valid('json'), clock());
      await decide(tx, who.tenantId, lines, clock());
      return answer;
    });
    return c.json(cancelled, 200);
  });
  routes.openapi(credit, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const credited = await db.tenant(who.tenantId, async (tx) => {
      const { answer, lines } = await creditInvoice(tx, who, id, c.req.valid('json'), clock());
      await decide(tx, who.tenantId, lines, clock());
      return answer;
    });
    return c.json(credited, 201);
  });
  routes.openapi(statement, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => readStatement(tx, who, id, c.req.valid('query'))), 200);
  });
  return routes;
}
