import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { answers, type RouteEnv, refuses } from '#platform/routing.ts';

const description = `Links ERPNext, FreeRADIUS and InvenTree, and turns bills into bandwidth.

Times are ISO 8601 with zone, ids are UUIDs, money is an integer of the currency's minor unit in common use (IDR: whole
rupiah). Lists take \`page\`, \`page_size\` and \`search\`. Errors are \`{ code, message, details? }\`; each code has a page
in \`docs/errors/\`. \`X-Request-Id\` is taken over and echoed; it stands in every log line that the request causes.`;

const tags = [
  { name: 'auth', description: 'Logging in, and users' },
  { name: 'tenants', description: 'The providers on this installation' },
  { name: 'settings', description: "A tenant's settings" },
  { name: 'connections', description: 'ERPNext, FreeRADIUS, InvenTree' },
  { name: 'nas', description: 'Routers that ask RADIUS' },
  { name: 'webhooks', description: 'What other systems send' },
  { name: 'operation', description: 'Health and metrics' },
];

const Stored = z.object({ event_id: z.string() }).openapi('StoredDelivery', { example: { event_id: '1042' } });
const Ready = z
  .object({ ready: z.boolean(), dependencies: z.record(z.string(), z.object({ ok: z.boolean(), text: z.string() })) })
  .openapi('Readiness', { example: { ready: true, dependencies: { bridge: { ok: true, text: 'reachable' } } } });

const open = { security: [] };

/** The doors that are no feature's routes, described by hand. */
function describeDoors(app: OpenAPIHono<RouteEnv>): void {
  const { openAPIRegistry: registry } = app;
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  registry.registerPath({
    ...open,
    method: 'post',
    path: '/webhooks/erpnext/{subdomain}',
    tags: ['webhooks'],
    summary: 'A delivery of ERPNext',
    description:
      'Authenticated by its signature over the raw body; stored before it is answered, worked on afterwards.',
    request: {
      params: z.object({ subdomain: z.string() }),
      headers: z.object({
        'X-Frappe-Webhook-Signature': z.string().openapi({ description: 'base64 of HMAC-SHA256 over the raw body' }),
      }),
      body: { required: true, content: { 'application/json': { schema: z.unknown() } } },
    },
    responses: {
      200: answers(Stored, 'Stored before: a duplicate'),
      202: answers(Stored, 'Stored'),
      ...refuses('UNAUTHORIZED', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE', 'UNAVAILABLE'),
    },
  });
  const operation = { ...open, method: 'get' as const, tags: ['operation'] };
  registry.registerPath({
    ...operation,
    path: '/healthz',
    summary: 'Whether the process lives',
    responses: { 200: answers(z.object({ status: z.literal('alive') }), 'It lives') },
  });
  registry.registerPath({
    ...operation,
    path: '/readyz',
    summary: 'Whether the hub can work, and what it stands on',
    responses: { 200: answers(Ready, 'Ready'), 503: answers(Ready, 'Not ready') },
  });
  registry.registerPath({
    ...operation,
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
  });
}

/** Serves `/openapi.json` (3.1, spec O3); call it after the last route was mounted. */
export function serveOpenApi(app: OpenAPIHono<RouteEnv>, version: string, publicUrl: string): void {
  describeDoors(app);
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Jembatan', version, description, license: { name: 'MIT' } },
    servers: [{ url: publicUrl }],
    tags,
    security: [{ bearer: [] }],
  });
  app.get('/openapi.json', (c) => c.json(document));
}
