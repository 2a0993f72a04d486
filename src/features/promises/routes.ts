import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { NewPromise, OneOfLine, PromisePage, PromiseQuery, PromiseToPay } from './schema.ts';
import { listOfLine, listPromises, recordPromise, withdrawPromise } from './verbs.ts';

export type PromiseDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** Decides about a marked line at once. Never rejects: what fails is logged, and the loop decides a moment later. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['Subscriptions'];
const path = '/subscriptions/{id}/promises';

const list = createRoute({
  ...needs('promises:read'),
  method: 'get',
  path: '/promises',
  tags,
  summary: 'Promises to pay, the newest first',
  request: { query: PromiseQuery },
  responses: { 200: answers(PromisePage, 'A page of promises'), ...refuses(...usual) },
});

const ofLine = createRoute({
  ...needs('promises:read'),
  method: 'get',
  path,
  tags,
  summary: 'What was promised for a subscription, or for all lines of its customer',
  request: { params: IdParam, query: PromiseQuery },
  responses: { 200: answers(PromisePage, 'A page of promises, the newest first'), ...refuses(...usual, 'NOT_FOUND') },
});

const add = createRoute({
  ...needs('promises:write'),
  method: 'post',
  path,
  tags,
  summary: 'Record a promise to pay',
  description:
    'Until that day is over debt does not cut the line, and an isolated one comes back; then it is decided as usual. ' +
    'It has been kept once nothing is open that falls due by its day. The settings `promise_max_days`, ' +
    '`promise_max_running` and `promise_max_per_month` bound it.',
  request: { params: IdParam, body: takes(NewPromise) },
  responses: {
    201: answers(PromiseToPay, 'Recorded'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

const remove = createRoute({
  ...needs('promises:write'),
  method: 'delete',
  path: `${path}/{promise_id}`,
  tags,
  summary: 'Withdraw a promise to pay',
  description: 'The subscription is decided about as usual at once. The promise stays in the list, as withdrawn.',
  request: { params: OneOfLine },
  responses: { 200: answers(PromiseToPay, 'Withdrawn'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

/** Promises to pay (spec X8). */
export function promisesRoutes({ db, clock, decideNow }: PromiseDeps): Routes {
  const routes = newRoutes();
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listPromises(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(ofLine, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => listOfLine(tx, who, id, c.req.valid('query'))), 200);
  });
  routes.openapi(add, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const wish = c.req.valid('json');
    const { promise, lines } = await db.tenant(who.tenantId, (tx) => recordPromise(tx, who, id, wish, clock()));
    for (const line of lines) await decideNow(who.tenantId, line);
    return c.json(promise, 201);
  });
  routes.openapi(remove, async (c) => {
    const who = whoAsks(c);
    const { id, promise_id } = c.req.valid('param');
    const { promise, lines } = await db.tenant(who.tenantId, (tx) => withdrawPromise(tx, who, id, promise_id, clock()));
    for (const line of lines) await decideNow(who.tenantId, line);
    return c.json(promise, 200);
  });
  return routes;
}
