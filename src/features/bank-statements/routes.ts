import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
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
import {
  type Confirmation,
  Confirmations,
  Confirmed,
  Line,
  LinePage,
  LineQuery,
  StatementPage,
  StatementQuery,
  Uploaded,
  UploadQuery,
} from './schema.ts';
import { ignoreLine, listLines, listStatements, uploadStatement } from './verbs.ts';

export type BankStatementsDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** Books lines as the payments that a person says they are. */
  readonly confirm: (who: Who, confirmations: readonly Confirmation[]) => Promise<Line[]>;
};

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['Payments'];
const csv = z.string().openapi({ description: 'As the bank gives it', example: 'Tanggal;Keterangan;Debet;Kredit' });

const upload = createRoute({
  ...needs('payments:write'),
  method: 'post',
  path: '/bank-statements',
  tags,
  summary: 'Read in a bank statement (CSV)',
  description:
    'Columns are known by their headings, in Indonesian or English: a date, a text, and an amount with its direction or ' +
    'a debit and a credit column. The same file twice is one statement, and lines that another statement had are not ' +
    'taken twice. At most 5 MB. Nothing is booked by it.',
  request: { query: UploadQuery, body: { required: true, content: { 'text/csv': { schema: csv } } } },
  responses: { 201: answers(Uploaded, 'Kept'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

const list = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: '/bank-statements',
  tags,
  summary: 'Bank statements, the newest first',
  request: { query: StatementQuery },
  responses: { 200: answers(StatementPage, 'A page of statements'), ...refuses(...usual) },
});

const lines = createRoute({
  ...needs('payments:read'),
  method: 'get',
  path: '/bank-lines',
  tags,
  summary: 'Lines of bank statements, with whose payment each may be',
  request: { query: LineQuery },
  responses: { 200: answers(LinePage, 'A page of lines, by day'), ...refuses(...usual) },
});

const confirm = createRoute({
  ...needs('payments:write'),
  method: 'post',
  path: '/bank-lines/confirm',
  tags,
  summary: 'Book lines as payments of customers',
  description: 'All of them or none. A line is booked once; what it does not settle is the customer’s credit.',
  request: { body: takes(Confirmations) },
  responses: { 200: answers(Confirmed, 'Booked'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE') },
});

const ignore = createRoute({
  ...needs('payments:write'),
  method: 'post',
  path: '/bank-lines/{id}/ignore',
  tags,
  summary: 'Say that a line is nobody’s payment',
  request: { params: IdParam },
  responses: { 200: answers(Line, 'Ignored'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

/** Bank statements, and the payments in them (spec L5). */
export function bankStatementsRoutes({ db, clock, confirm: book }: BankStatementsDeps): Routes {
  const routes = newRoutes();
  routes.openapi(upload, async (c) => {
    const who = whoAsks(c);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const query = c.req.valid('query');
    return c.json(await db.tenant(who.tenantId, (tx) => uploadStatement(tx, who, bytes, query, clock())), 201);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listStatements(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(lines, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listLines(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(confirm, async (c) => c.json({ lines: await book(whoAsks(c), c.req.valid('json').lines) }, 200));
  routes.openapi(ignore, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => ignoreLine(tx, who, id, clock())), 200);
  });
  return routes;
}
