import { createRoute } from '@hono/zod-openapi';
import { answers, needs, newRoutes, type Routes, refuses, whoAsks } from '#platform/routing.ts';
import { Latency, LatencyQuery } from './schema.ts';
import { type LatencyDeps, readLatency } from './verbs.ts';

const read = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/latency',
  tags: ['Integrations'],
  summary: 'How long cuts and restores took: p50, p95 and p99 of each step',
  description:
    'From the webhook to the decision, the RADIUS rows, the acknowledged Disconnect and the new session. Gathered each minute. What the clock or a person began has no webhook, and is in the other steps alone; a session start has whole seconds.',
  request: { query: LatencyQuery },
  responses: { 200: answers(Latency, 'The figures'), ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN') },
});

/** `latency` (spec X5). */
export function latencyRoutes(deps: LatencyDeps): Routes {
  const routes = newRoutes();
  routes.openapi(read, async (c) => c.json(await readLatency(deps, whoAsks(c), c.req.valid('query')), 200));
  return routes;
}
