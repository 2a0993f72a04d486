import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import type { Press } from '#platform/paper/press.ts';
import { IdParam, needs, newRoutes, type Routes, refuses, type Who, whoAsks } from '#platform/routing.ts';
import type { TenantFiles } from '#platform/tenant-files.ts';
import { draftDeposit } from './deposit.ts';
import { withLogo } from './letterhead.ts';
import { PaperQuery, StatementQuery } from './schema.ts';
import { type Drafted, draftInvoice, draftReceipt, draftStatement } from './verbs.ts';

export type PaperDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly files: TenantFiles;
  readonly press: Press;
};

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMIT', 'UNAVAILABLE'] as const;
const pdf = (description: string) => ({
  description,
  content: { 'application/pdf': { schema: z.string().openapi({ type: 'string', format: 'binary' }) } },
});

const invoice = createRoute({
  ...needs('invoices:read'),
  method: 'get',
  path: '/invoices/{id}/pdf',
  tags: ['Billing'],
  summary: 'A bill or credit note as PDF',
  description: "With the tenant's name, uploaded logo (PNG or JPEG) and colour. Bills of ERPNext are printed there.",
  request: { params: IdParam, query: PaperQuery },
  responses: { 200: pdf('The bill'), ...refuses(...usual) },
});

const receipt = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: '/payments/{id}/receipt',
  tags: ['Billing'],
  summary: 'The receipt of a payment as PDF',
  request: { params: IdParam, query: PaperQuery },
  responses: { 200: pdf('The receipt'), ...refuses(...usual, 'CONFLICT') },
});

const statement = createRoute({
  ...needs('invoices:read'),
  method: 'get',
  path: '/customers/{id}/statement/pdf',
  tags: ['Billing'],
  summary: 'What a customer was charged and has paid, as PDF',
  description: 'Where ERPNext keeps the books, as the hub last saw them; money that is on its way there is marked so.',
  request: { params: IdParam, query: StatementQuery },
  responses: { 200: pdf('The statement'), ...refuses(...usual) },
});

const ownDeposit = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/deposit/statement/pdf',
  tags: ['Deposits'],
  summary: 'What moved my deposit, as PDF',
  request: { query: StatementQuery },
  responses: { 200: pdf('The statement'), ...refuses(...usual) },
});

const depositOfOne = createRoute({
  ...needs('deposits:read'),
  method: 'get',
  path: '/resellers/{id}/deposit/statement/pdf',
  tags: ['Deposits'],
  summary: 'What moved a reseller’s deposit, as PDF',
  request: { params: IdParam, query: StatementQuery },
  responses: { 200: pdf('The statement'), ...refuses(...usual) },
});

/** Bills, receipts and statements on paper (spec L2, S2). */
export function paperRoutes({ db, clock, files, press }: PaperDeps): Routes {
  const routes = newRoutes();
  /** Printed after the transaction: nobody waits for a thread with a connection in hand. */
  async function printed(who: Who, { heading, paper }: Drafted) {
    const head = await withLogo(heading, files, who.tenantId);
    return Buffer.from(await press.print({ ...paper, head }));
  }
  const headers = (name: string) => ({
    'Content-Type': 'application/pdf',
    'Content-Disposition': `inline; filename="${name.replace(/[^\w-]/g, '-')}.pdf"`,
    'Cache-Control': 'private, no-store',
  });
  routes.openapi(invoice, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const query = c.req.valid('query');
    const drafted = await db.tenant(who.tenantId, (tx) => draftInvoice(tx, who, id, query, clock()));
    return c.body(await printed(who, drafted), 200, headers(drafted.paper.number));
  });
  routes.openapi(receipt, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const query = c.req.valid('query');
    const drafted = await db.tenant(who.tenantId, (tx) => draftReceipt(tx, who, id, query, clock()));
    return c.body(await printed(who, drafted), 200, headers(drafted.paper.number));
  });
  async function deposit(who: Who, resellerId: string | null, query: StatementQuery) {
    const asked = { resellerId, query, now: clock() };
    return printed(who, await db.tenant(who.tenantId, (tx) => draftDeposit(tx, who, asked)));
  }
  routes.openapi(ownDeposit, async (c) =>
    c.body(await deposit(whoAsks(c), null, c.req.valid('query')), 200, headers('deposit')),
  );
  routes.openapi(depositOfOne, async (c) =>
    c.body(await deposit(whoAsks(c), c.req.valid('param').id, c.req.valid('query')), 200, headers('deposit')),
  );
  routes.openapi(statement, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const query = c.req.valid('query');
    const drafted = await db.tenant(who.tenantId, (tx) => draftStatement(tx, who, id, query, clock()));
    return c.body(await printed(who, drafted), 200, headers(`statement-${drafted.paper.customer.code}`));
  });
  return routes;
}
