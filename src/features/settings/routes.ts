import { createRoute } from '@hono/zod-openapi';
import { answers, newRoutes, type Routes, refuses, takes } from '#platform/routing.ts';
import { TenantSettings, TenantSettingsChange } from '#platform/tenant-settings.ts';
import { changeSettings, type SettingsDeps, showSettings } from './verbs.ts';

const usual = ['UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const show = createRoute({
  method: 'get',
  path: '/settings',
  tags: ['settings'],
  summary: "The tenant's settings",
  responses: { 200: answers(TenantSettings, 'As they are in force'), ...refuses(...usual) },
});

const change = createRoute({
  method: 'patch',
  path: '/settings',
  tags: ['settings'],
  summary: 'Change settings',
  description:
    'What is not named stays. A change of the time zone or of the grace days decides about every line again.',
  request: { body: takes(TenantSettingsChange) },
  responses: {
    200: answers(TenantSettings, 'As they are now'),
    ...refuses('VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE', ...usual),
  },
});

export function settingsRoutes(deps: SettingsDeps): Routes {
  const routes = newRoutes();
  routes.openapi(show, async (c) => c.json(await showSettings(deps, c.get('caller')), 200));
  routes.openapi(change, async (c) => c.json(await changeSettings(deps, c.get('caller'), c.req.valid('json')), 200));
  return routes;
}
