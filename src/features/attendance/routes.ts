import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { answers, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { CheckIn, CheckInPage, CheckInQuery, NewCheckIn } from './schema.ts';
import { checkIn, listCheckIns } from './verbs.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['field-work'];

const add = createRoute({
  ...needs('attendance:write'),
  method: 'post',
  path: '/attendance/check-ins',
  tags,
  summary: 'Come or go, with the phone’s position',
  description:
    'Once by `client_ref`, so that a phone without network may say it later, and again. It is held against the setting ' +
    '`field_work.places`: outside of all of them it is kept and marked, not refused.',
  request: { body: takes(NewCheckIn) },
  responses: { 201: answers(CheckIn, 'Noted'), ...refuses(...usual, 'CONFLICT', 'PAYLOAD_TOO_LARGE') },
});

const list = createRoute({
  ...needs('attendance:read'),
  method: 'get',
  path: '/attendance',
  tags,
  summary: 'Who came and went; all for admin, hr and viewer, else one’s own',
  request: { query: CheckInQuery },
  responses: { 200: answers(CheckInPage, 'A page, the newest first'), ...refuses(...usual) },
});

/** `attendance` (spec A7). */
export function attendanceRoutes({ db, clock }: { readonly db: Database; readonly clock: Clock }): Routes {
  const routes = newRoutes();
  routes.openapi(add, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => checkIn(tx, who, c.req.valid('json'), clock())), 201);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listCheckIns(tx, who, c.req.valid('query'))), 200);
  });
  return routes;
}
