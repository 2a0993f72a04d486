import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { listDeliveries, replayDelivery, replayRange, testEndpoint } from './deliveries.ts';
import { Delivery, DeliveryPage, DeliveryQuery, Replayed, ReplayRange } from './schema.ts';
import type { WebhooksDeps } from './verbs.ts';

const tags = ['webhooks'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;

const test = createRoute({
  ...needs('webhooks:write'),
  method: 'post',
  path: '/webhook-endpoints/{id}/test',
  tags,
  summary: 'Send a ping to an endpoint',
  request: { params: IdParam },
  responses: {
    202: answers(Delivery, 'The delivery, to be looked up again'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT'),
  },
});

const replayMany = createRoute({
  ...needs('webhooks:write'),
  method: 'post',
  path: '/webhook-endpoints/{id}/replay',
  tags,
  summary: 'Deliver what happened in a time once more',
  request: { params: IdParam, body: takes(ReplayRange) },
  responses: {
    202: answers(Replayed, 'How many deliveries were made ready'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT'),
  },
});

const list = createRoute({
  ...needs('webhooks:read'),
  method: 'get',
  path: '/webhook-deliveries',
  tags,
  summary: 'List deliveries to webhook endpoints, the newest first',
  request: { query: DeliveryQuery },
  responses: { 200: answers(DeliveryPage, 'A page of deliveries'), ...refuses(...usual) },
});

const replayOne = createRoute({
  ...needs('webhooks:write'),
  method: 'post',
  path: '/webhook-deliveries/{id}/replay',
  tags,
  summary: 'Make a delivery once more, under the same webhook-id',
  request: { params: IdParam },
  responses: { 202: answers(Delivery, 'The delivery, pending again'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

/** What became of deliveries, and how to have them made again (spec B9, X12). */
export function addDeliveryRoutes(routes: Routes, deps: WebhooksDeps): void {
  routes.openapi(test, async (c) => c.json(await testEndpoint(deps, whoAsks(c), c.req.valid('param').id), 202));
  routes.openapi(replayMany, async (c) => {
    const { id } = c.req.valid('param');
    return c.json({ replayed: await replayRange(deps, whoAsks(c), id, c.req.valid('json')) }, 202);
  });
  routes.openapi(list, async (c) => c.json(await listDeliveries(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(replayOne, async (c) => c.json(await replayDelivery(deps, whoAsks(c), c.req.valid('param').id), 202));
}
