import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import { answers, needs, newRoutes, pageOf, type Routes, refuses, whoAsks } from '#platform/routing.ts';
import { mountRanges } from './range-routes.ts';
import { Event, EventQuery, OutboxQuery, OutboxRow, RowParam } from './schema.ts';
import { getEvent, getIntent, listEvents, listIntents, replayEvent, retryIntent } from './verbs.ts';

export type IntegrationsDeps = { readonly db: Database };

const tags = ['Integrations'];
const listRefusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN');
const readRefusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND');
const rowRefusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT');

const events = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/events',
  tags,
  summary: 'List the deliveries that came in, the newest first',
  request: { query: EventQuery },
  responses: { 200: answers(pageOf(Event), 'A page of deliveries'), ...listRefusals },
});

const event = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/events/{id}',
  tags,
  summary: 'One delivery',
  request: { params: RowParam },
  responses: { 200: answers(Event, 'The delivery'), ...readRefusals },
});

const replay = createRoute({
  ...needs('integrations:write'),
  method: 'post',
  path: '/events/{id}/replay',
  tags,
  summary: 'Look at the document of a delivery again',
  request: { params: RowParam },
  responses: { 200: answers(Event, 'The delivery, new again'), ...rowRefusals },
});

const outbox = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/outbox',
  tags,
  summary: 'List what goes out, the newest first',
  request: { query: OutboxQuery },
  responses: { 200: answers(pageOf(OutboxRow), 'A page of intents'), ...listRefusals },
});

const intent = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/outbox/{id}',
  tags,
  summary: 'One intent',
  request: { params: RowParam },
  responses: { 200: answers(OutboxRow, 'The intent'), ...readRefusals },
});

const retry = createRoute({
  ...needs('integrations:write'),
  method: 'post',
  path: '/outbox/{id}/retry',
  tags,
  summary: 'Try a waiting or dead intent again now',
  request: { params: RowParam },
  responses: { 200: answers(OutboxRow, 'The intent, ready again'), ...rowRefusals },
});

/** `events` and `outbox` (spec B9, B10). */
export function integrationsRoutes({ db }: IntegrationsDeps): Routes {
  const routes = newRoutes();
  mountRanges(routes, db);
  routes.openapi(events, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listEvents(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(outbox, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listIntents(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(event, async (c) => {
    const who = whoAsks(c);
    const id = BigInt(c.req.valid('param').id);
    return c.json(await db.tenant(who.tenantId, (tx) => getEvent(tx, who, id)), 200);
  });
  routes.openapi(replay, async (c) => {
    const who = whoAsks(c);
    const id = BigInt(c.req.valid('param').id);
    return c.json(await db.tenant(who.tenantId, (tx) => replayEvent(tx, who, id)), 200);
  });
  routes.openapi(intent, async (c) => {
    const who = whoAsks(c);
    const id = BigInt(c.req.valid('param').id);
    return c.json(await db.tenant(who.tenantId, (tx) => getIntent(tx, who, id)), 200);
  });
  routes.openapi(retry, async (c) => {
    const who = whoAsks(c);
    const id = BigInt(c.req.valid('param').id);
    return c.json(await db.tenant(who.tenantId, (tx) => retryIntent(tx, who, id)), 200);
  });
  return routes;
}
