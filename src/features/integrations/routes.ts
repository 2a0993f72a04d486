import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Database } from '#db/database.ts';
import {
  answers,
  newRoutes,
  pageOf,
  type RouteEnv,
  type Routes,
  refuses,
  requireRole,
  tenantOf,
} from '#platform/routing.ts';
import { Event, EventQuery, OutboxQuery, OutboxRow, RowParam } from './schema.ts';
import { listEvents, listIntents, replayEvent, retryIntent } from './verbs.ts';

export type IntegrationsDeps = { readonly db: Database };

const tags = ['Integrations'];
const listRefusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN');
const rowRefusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT');

const events = createRoute({
  method: 'get',
  path: '/events',
  tags,
  summary: 'List the deliveries that came in, the newest first',
  request: { query: EventQuery },
  responses: { 200: answers(pageOf(Event), 'A page of deliveries'), ...listRefusals },
});

const replay = createRoute({
  method: 'post',
  path: '/events/{id}/replay',
  tags,
  summary: 'Look at the document of a delivery again',
  request: { params: RowParam },
  responses: { 200: answers(Event, 'The delivery, new again'), ...rowRefusals },
});

const outbox = createRoute({
  method: 'get',
  path: '/outbox',
  tags,
  summary: 'List what goes out, the newest first',
  request: { query: OutboxQuery },
  responses: { 200: answers(pageOf(OutboxRow), 'A page of intents'), ...listRefusals },
});

const retry = createRoute({
  method: 'post',
  path: '/outbox/{id}/retry',
  tags,
  summary: 'Try a waiting or dead intent again now',
  request: { params: RowParam },
  responses: { 200: answers(OutboxRow, 'The intent, ready again'), ...rowRefusals },
});

function tenantIn(c: Context<RouteEnv>): string {
  const caller = c.get('caller');
  requireRole(caller, 'admin');
  return tenantOf(caller);
}

/** `events` and `outbox` (spec B9, B10). */
export function integrationsRoutes({ db }: IntegrationsDeps): Routes {
  const routes = newRoutes();
  routes.openapi(events, async (c) => {
    const tenantId = tenantIn(c);
    return c.json(await db.tenant(tenantId, (tx) => listEvents(tx, tenantId, c.req.valid('query'))), 200);
  });
  routes.openapi(replay, async (c) => {
    const tenantId = tenantIn(c);
    const id = BigInt(c.req.valid('param').id);
    return c.json(await db.tenant(tenantId, (tx) => replayEvent(tx, tenantId, id)), 200);
  });
  routes.openapi(outbox, async (c) => {
    const tenantId = tenantIn(c);
    return c.json(await db.tenant(tenantId, (tx) => listIntents(tx, tenantId, c.req.valid('query'))), 200);
  });
  routes.openapi(retry, async (c) => {
    const tenantId = tenantIn(c);
    const id = BigInt(c.req.valid('param').id);
    return c.json(await db.tenant(tenantId, (tx) => retryIntent(tx, tenantId, id)), 200);
  });
  return routes;
}
