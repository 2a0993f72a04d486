import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import { answers, needs, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { EventRange, IntentRange, Replayed, Retried } from './range-schema.ts';
import { replayEvents, retryIntents } from './range-verbs.ts';

const tags = ['Integrations'];
const refusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN');

const replay = createRoute({
  ...needs('integrations:write'),
  method: 'post',
  path: '/events/replay',
  tags,
  summary: 'Look at the documents of many deliveries again',
  description:
    'By ids, by the time of receipt, by doctype or state, or all of them. Payloads never decide: each document is looked at once as it is now. At most 5,000 deliveries a call; `next` says where to go on.',
  request: { body: takes(EventRange) },
  responses: { 200: answers(Replayed, 'How many are new again'), ...refusals },
});

const retry = createRoute({
  ...needs('integrations:write'),
  method: 'post',
  path: '/outbox/retry',
  tags,
  summary: 'Try what was given up again now',
  description:
    'Dead intents by ids, by the time they were made, by kind, or all of them. What a newer decision overtook is refused by its target. At most 5,000 a call; `next` says where to go on.',
  request: { body: takes(IntentRange) },
  responses: { 200: answers(Retried, 'How many are ready again'), ...refusals },
});

/** Replay and retry of many at a time (spec B9); mounted before the routes of one, whose ids are numbers. */
export function mountRanges(routes: Routes, db: Database): void {
  routes.openapi(replay, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => replayEvents(tx, who, c.req.valid('json'))), 200);
  });
  routes.openapi(retry, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => retryIntents(tx, who, c.req.valid('json'))), 200);
  });
}
