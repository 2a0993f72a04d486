import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { LineUsage, LineUsageQuery, Validity } from './schema.ts';
import { setValidity, usageOfLine } from './verbs.ts';

export type UsageDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** Decides about a marked line at once. Never rejects: what fails is logged, and the loop decides a moment later. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

const refusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND');

const read = createRoute({
  ...needs('subscriptions:read'),
  method: 'get',
  path: '/subscriptions/{id}/usage',
  tags: ['Subscriptions'],
  summary: 'What a subscription used, by day and month',
  description:
    "By the days of the tenant's calendar, from RADIUS accounting, counted each five minutes (each minute where a plan has a quota). What arose between two updates of a session is taken to have flowed evenly: of an update that spans midnight each day has its share of the time.",
  request: { params: IdParam, query: LineUsageQuery },
  responses: { 200: answers(LineUsage, 'What was used'), ...refusals },
});

const validity = createRoute({
  ...needs('subscriptions:write'),
  method: 'put',
  path: '/subscriptions/{id}/validity',
  tags: ['Subscriptions'],
  summary: 'Set until when a subscription is served',
  description: 'When it is over the line is isolated. Bills of the line go on deciding as before.',
  request: { params: IdParam, body: takes(Validity) },
  responses: {
    200: answers(z.object({ valid_until: z.iso.datetime().nullable() }), 'As it stands now'),
    ...refusals,
  },
});

/** Traffic and validity of a subscription (spec R6, R9). */
export function lineUsageRoutes({ db, clock, decideNow }: UsageDeps): Routes {
  const routes = newRoutes();
  routes.openapi(read, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    return c.json(await db.tenant(who.tenantId, (tx) => usageOfLine(tx, who, id, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(validity, async (c) => {
    const who = whoAsks(c);
    const { id } = c.req.valid('param');
    const stands = await db.tenant(who.tenantId, (tx) => setValidity(tx, who, id, c.req.valid('json')));
    await decideNow(who.tenantId, id);
    return c.json(stands, 200);
  });
  return routes;
}
