import { createRoute, z } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { askDryRun, type DryRunDeps } from './dry-run.ts';
import { findHolds, releaseHold, revertHold } from './holds.ts';
import { type KillSwitchDeps, showKillSwitch, turnInstallationSwitch, turnKillSwitch } from './kill-switch.ts';
import { findNotices, goWithoutNotice } from './notices.ts';
import {
  CutNoticePage,
  CutNoticeQuery,
  DryRun,
  DryRunAsk,
  Hold,
  HoldPage,
  HoldQuery,
  KillSwitch,
  KillSwitchChange,
  Overridden,
  Override,
  SafetyStatus,
} from './schema.ts';
import { showStatus } from './status.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['safety'];

const list = createRoute({
  ...needs('safety:read'),
  method: 'get',
  path: '/holds',
  tags,
  summary: 'What the safety brake holds',
  description: 'Each is one time at which more lines would have been cut off in an hour than the limit allows.',
  request: { query: HoldQuery },
  responses: { 200: answers(HoldPage, 'A page of holds, the newest first'), ...refuses(...usual) },
});

const release = createRoute({
  ...needs('safety:write'),
  method: 'post',
  path: '/holds/{id}/release',
  tags,
  summary: 'Let what is held go on',
  description:
    'In waves of 1, 10, 100 and all the rest; each line is decided about afresh, and what turns out unwell stops it. ' +
    'Where the tenant has several admins, more lines than a tenth of those online need two of them (`details`).',
  request: { params: IdParam },
  responses: { 200: answers(Hold, 'It goes on'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

const revert = createRoute({
  ...needs('safety:write'),
  method: 'post',
  path: '/holds/{id}/revert',
  tags,
  summary: 'Take a release back',
  description: 'Whoever was cut off by it is restored at once, and waits again.',
  request: { params: IdParam },
  responses: { 200: answers(Hold, 'It waits again'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

const showSwitch = createRoute({
  ...needs('safety:read'),
  method: 'get',
  path: '/kill-switch',
  tags,
  summary: 'Whether cuts are stopped',
  responses: { 200: answers(KillSwitch, 'The switches'), ...refuses(...usual) },
});

const turnSwitch = createRoute({
  ...needs('safety:write'),
  method: 'put',
  path: '/kill-switch',
  tags,
  summary: 'Stop all cuts of the tenant, or let them go on',
  description: 'Stops cuts only: whoever pays comes back all the same.',
  request: { body: takes(KillSwitchChange) },
  responses: { 200: answers(KillSwitch, 'The switches now'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

const InstallationSwitch = z
  .object({ on: z.boolean(), reason: z.string(), changed_by: z.uuid(), changed_at: z.iso.datetime() })
  .openapi('InstallationKillSwitch', {
    example: {
      on: true,
      reason: 'Restoring the bridge from a backup',
      changed_by: '0f8fad5b-d9cb-469f-a165-70867728950e',
      changed_at: '2026-11-20T18:30:00.000Z',
    },
  });

const turnAll = createRoute({
  ...needs('tenants:write'),
  method: 'put',
  path: '/kill-switch/installation',
  tags,
  summary: 'Stop all cuts of every tenant, or let them go on',
  request: { body: takes(KillSwitchChange) },
  responses: { 200: answers(InstallationSwitch, 'The switch now'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

const plan = createRoute({
  ...needs('safety:read'),
  method: 'post',
  path: '/dry-runs',
  tags,
  summary: 'Who would be cut off or restored at a time, and why',
  description: 'By the very functions that act, in a transaction that may only read. Nothing is changed.',
  request: { body: takes(DryRunAsk) },
  responses: { 200: answers(DryRun, 'The plan'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

const status = createRoute({
  ...needs('safety:read'),
  method: 'get',
  path: '/safety',
  tags,
  summary: 'What holds cuts back just now',
  description:
    'Kill switches, the brake, promises, the no-cut calendar, missing notices, and a ledger that has shrunk.',
  responses: { 200: answers(SafetyStatus, 'The status'), ...refuses(...usual) },
});

const notices = createRoute({
  ...needs('safety:read'),
  method: 'get',
  path: '/cut-notices',
  tags,
  summary: 'Reminders that must be delivered before a cut',
  description: 'With the setting `notice_hours` nobody is cut off unless one was delivered so many hours before.',
  request: { query: CutNoticeQuery },
  responses: { 200: answers(CutNoticePage, 'A page of notices, the newest first'), ...refuses(...usual) },
});

const override = createRoute({
  ...needs('safety:write'),
  method: 'post',
  path: '/cut-notices/override',
  tags,
  summary: 'Let lines that wait for a notice be cut without one',
  description: 'For the bills that they owe now. Promises, the no-cut calendar and the brake hold all the same.',
  request: { body: takes(Override) },
  responses: { 200: answers(Overridden, 'How many'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

export function safetyRoutes(deps: KillSwitchDeps & DryRunDeps): Routes {
  const routes = newRoutes();
  routes.openapi(list, async (c) => c.json(await findHolds(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(release, async (c) => c.json(await releaseHold(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(revert, async (c) => c.json(await revertHold(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(showSwitch, async (c) => c.json(await showKillSwitch(deps, whoAsks(c)), 200));
  routes.openapi(turnSwitch, async (c) => c.json(await turnKillSwitch(deps, whoAsks(c), c.req.valid('json')), 200));
  routes.openapi(turnAll, async (c) => {
    const asks = { caller: c.get('caller'), correlationId: c.get('correlationId'), address: c.get('address') };
    return c.json(await turnInstallationSwitch(deps, { ...asks, tenantId: null }, c.req.valid('json')), 200);
  });
  routes.openapi(plan, async (c) => c.json(await askDryRun(deps, whoAsks(c), c.req.valid('json')), 200));
  routes.openapi(status, async (c) => c.json(await showStatus(deps, whoAsks(c)), 200));
  routes.openapi(notices, async (c) => c.json(await findNotices(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(override, async (c) => c.json(await goWithoutNotice(deps, whoAsks(c), c.req.valid('json')), 200));
  return routes;
}
