import { createRoute } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import {
  DriftPage,
  DriftQuery,
  NewReconciliation,
  Reconciliation,
  ReconciliationPage,
  ReconciliationQuery,
} from './schema.ts';
import { askReconciliation, getReconciliation, listDrift, listReconciliations } from './verbs.ts';

const tags = ['Integrations'];
const refusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN');

const ask = createRoute({
  ...needs('integrations:write'),
  method: 'post',
  path: '/reconciliations',
  tags,
  summary: 'Compare what RADIUS, its sessions and the ledger hold with what stands',
  description:
    'A worker takes it up within a second. What differs is repaired or reported by the setting `drift_policy`, and ' +
    'listed under `drift`.',
  request: { body: takes(NewReconciliation) },
  responses: { 202: answers(Reconciliation, 'The run, which waits for a worker'), ...refusals },
});

const list = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/reconciliations',
  tags,
  summary: 'List reconciliations, the newest first',
  request: { query: ReconciliationQuery },
  responses: { 200: answers(ReconciliationPage, 'A page of runs'), ...refusals },
});

const show = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/reconciliations/{id}',
  tags,
  summary: 'One reconciliation: how far it is, and what it found',
  request: { params: IdParam },
  responses: {
    200: answers(Reconciliation, 'The run'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'),
  },
});

const drift = createRoute({
  ...needs('integrations:read'),
  method: 'get',
  path: '/drift',
  tags,
  summary: 'List differences that reconciliations found, the newest first',
  description:
    'What each was, what it should be, since when, why, and what was done; `open=true`: those that still are.',
  request: { query: DriftQuery },
  responses: { 200: answers(DriftPage, 'A page of differences'), ...refusals },
});

/** `reconciliations` and `drift` (spec B5). */
export function driftRoutes({ db }: { readonly db: Database }): Routes {
  const routes = newRoutes();
  routes.openapi(ask, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => askReconciliation(tx, who, c.req.valid('json'))), 202);
  });
  routes.openapi(list, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listReconciliations(tx, who, c.req.valid('query'))), 200);
  });
  routes.openapi(show, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => getReconciliation(tx, who, c.req.valid('param').id)), 200);
  });
  routes.openapi(drift, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listDrift(tx, who, c.req.valid('query'))), 200);
  });
  return routes;
}
