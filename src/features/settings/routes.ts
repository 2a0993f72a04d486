import { createRoute, z } from '@hono/zod-openapi';
import { answers, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { TenantSettings, TenantSettingsChange } from '#platform/tenant-settings.ts';
import { getLogo, type LogoDeps, logoTypes, putLogo, removeLogo } from './logo.ts';
import { changeSettings, type SettingsDeps, showSettings } from './verbs.ts';

const usual = ['UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const show = createRoute({
  ...needs('settings:read'),
  method: 'get',
  path: '/settings',
  tags: ['settings'],
  summary: "The tenant's settings",
  responses: { 200: answers(TenantSettings, 'As they are in force'), ...refuses(...usual) },
});

const change = createRoute({
  ...needs('settings:write'),
  method: 'patch',
  path: '/settings',
  tags: ['settings'],
  summary: 'Change settings',
  description:
    'What is not named stays; `no_cut` and `dunning` are replaced whole. A change of the time zone, the grace days, ' +
    '`no_cut`, `dunning` or `notice_hours` decides about every line again.',
  request: { body: takes(TenantSettingsChange) },
  responses: {
    200: answers(TenantSettings, 'As they are now'),
    ...refuses('VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE', ...usual),
  },
});

const picture = z.string().openapi({ type: 'string', format: 'binary' });
const pictures = Object.fromEntries(logoTypes.map((type) => [type, { schema: picture }]));

const putLogoRoute = createRoute({
  ...needs('settings:write'),
  method: 'put',
  path: '/settings/logo',
  tags: ['settings'],
  summary: "The tenant's logo",
  description: 'PNG, JPEG or WebP, at most 200 kB, known by its first bytes. Sets branding.logo.',
  request: { body: { required: true, content: pictures } },
  responses: {
    200: answers(
      z.object({ logo: z.string() }).openapi('Logo', { example: { logo: '/api/v1/settings/logo?v=1a2b3c' } }),
      'Taken',
    ),
    ...refuses('VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE', ...usual),
  },
});

const getLogoRoute = createRoute({
  ...needs('settings:read'),
  method: 'get',
  path: '/settings/logo',
  tags: ['settings'],
  summary: 'The logo that was uploaded',
  responses: { 200: { description: 'The picture', content: pictures }, ...refuses('NOT_FOUND', ...usual) },
});

const removeLogoRoute = createRoute({
  ...needs('settings:write'),
  method: 'delete',
  path: '/settings/logo',
  tags: ['settings'],
  summary: 'Remove the logo',
  responses: { 204: { description: 'Removed' }, ...refuses(...usual) },
});

export function settingsRoutes(deps: SettingsDeps & LogoDeps): Routes {
  const routes = newRoutes();
  routes.openapi(show, async (c) => c.json(await showSettings(deps, whoAsks(c)), 200));
  routes.openapi(change, async (c) => c.json(await changeSettings(deps, whoAsks(c), c.req.valid('json')), 200));
  routes.openapi(putLogoRoute, async (c) => {
    const content = new Uint8Array(await c.req.arrayBuffer());
    return c.json(await putLogo(deps, whoAsks(c), content), 200);
  });
  routes.openapi(getLogoRoute, async (c) => {
    const { content, type } = await getLogo(deps, whoAsks(c));
    return c.body(content, 200, { 'Content-Type': type, 'Cache-Control': 'private, max-age=86400' });
  });
  routes.openapi(removeLogoRoute, async (c) => {
    await removeLogo(deps, whoAsks(c));
    return c.body(null, 204);
  });
  return routes;
}
