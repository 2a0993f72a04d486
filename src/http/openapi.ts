import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { webhookEvents } from '#features/webhooks/events.ts';
import { completed, type OpenApiDocument } from '#http/openapi-document.ts';
import { answers, type RouteEnv, refuses } from '#platform/routing.ts';

const description = `Links ERPNext, FreeRADIUS and InvenTree, and turns bills into bandwidth.

Times are ISO 8601 with zone, ids are UUIDs, money is an integer of the currency's minor unit in common use (IDR: whole
rupiah). Lists take \`page\`, \`page_size\` and \`search\`. Errors are \`{ code, message, details? }\`; each code has a page
in \`docs/errors/\`. \`X-Request-Id\` is taken over and echoed; it stands in every log line that the request causes.

Every GET takes \`fields\` and \`If-None-Match\`; PATCH, PUT and DELETE take \`If-Match\` where the same path can be read; every POST
but those under \`auth/\` takes an \`Idempotency-Key\`. Who may call what stands in \`x-permission\`. A route on its way out says so
with \`Deprecation\` and \`Sunset\` half a year before it goes.`;

const tags = [
  { name: 'auth', description: 'Logging in, and what a user does to its own account' },
  { name: 'users', description: 'Who works with the hub' },
  { name: 'api-keys', description: 'Keys for programs' },
  { name: 'tenants', description: 'The providers on this installation' },
  { name: 'settings', description: "A tenant's settings" },
  { name: 'connections', description: 'ERPNext, FreeRADIUS, InvenTree, mail, payment gateways' },
  { name: 'nas', description: 'Routers that ask RADIUS' },
  { name: 'plans', description: 'Service plans' },
  { name: 'customers', description: 'Customers, their lines and their data' },
  { name: 'leads', description: 'Who would like to be served' },
  { name: 'coverage', description: 'Where that can be' },
  { name: 'subscriptions', description: 'Lines of service' },
  { name: 'billing', description: 'Bills, payments, and papers of them' },
  { name: 'deposits', description: 'What resellers have paid in beforehand, and what they paid with it' },
  { name: 'vouchers', description: 'Days of service on paper' },
  { name: 'commissions', description: 'What resellers earn, by which rules, and what they were paid' },
  { name: 'resellers', description: 'Partners who sell for a tenant: who they are, what they may sell' },
  {
    name: 'field-work',
    description: 'Work orders, attendance, figures and incentives of technicians, what they use up',
  },
  { name: 'finance', description: 'Expenses, other income, and what the books say' },
  { name: 'assets', description: 'Modems and other units with a serial: what there is, and where it is' },
  { name: 'scans', description: 'What phones scanned, and what followed from it' },
  { name: 'integrations', description: 'What came in, and what goes out' },
  { name: 'safety', description: 'What keeps a mistake from cutting off many: brake, kill switch, dry run' },
  { name: 'drift', description: 'Where RADIUS differs from what was decided, and what was done about it' },
  { name: 'messages', description: 'E-mail to customers and users' },
  { name: 'webhooks', description: 'What other systems send, and what the hub sends to others' },
  { name: 'audit', description: 'Who did what' },
  { name: 'schedules', description: 'What runs by the clock' },
  { name: 'operation', description: 'Health and metrics' },
];

const Stored = z.object({ event_id: z.string() }).openapi('StoredDelivery', { example: { event_id: '1042' } });
const Hint = z
  .object({
    event: z.string().openapi({ description: 'As InvenTree calls it; those of stock items are heeded' }),
    kwargs: z.object({ id: z.int().optional(), ids: z.array(z.int()).optional() }),
  })
  .openapi('InventreeHint', { example: { event: 'stockitem.moved', kwargs: { id: 4711 } } });
const Hinted = z.object({ units: z.int() }).openapi('StoredHint', { example: { units: 1 } });
const Ready = z
  .object({ ready: z.boolean(), dependencies: z.record(z.string(), z.object({ ok: z.boolean(), text: z.string() })) })
  .openapi('Readiness', { example: { ready: true, dependencies: { bridge: { ok: true, text: 'reachable' } } } });

const open = { security: [] };

/** The doors that are no feature's routes, described by hand. */
function describeDoors(app: OpenAPIHono<RouteEnv>): void {
  const { openAPIRegistry: registry } = app;
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'apiKey', in: 'header', name: 'X-API-Key' });
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
  registry.registerPath({
    ...open,
    method: 'post',
    path: '/webhooks/inventree/{subdomain}',
    tags: ['webhooks'],
    summary: "A hint of InvenTree's event plugin",
    description:
      'Authenticated by its signature over the raw body. Which units it names is stored before it is answered; they are ' +
      'looked at afterwards, and what the hint says of them beside that is not read. Sent again it does nothing more.',
    request: {
      params: z.object({ subdomain: z.string() }),
      headers: z.object({
        'X-Hub-Signature-256': z
          .string()
          .openapi({ description: '`sha256=` and hexadecimal HMAC-SHA256 over the raw body' }),
      }),
      body: { required: true, content: { 'application/json': { schema: Hint } } },
    },
    responses: {
      202: answers(Hinted, 'Stored; how many units it names'),
      ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE', 'UNAVAILABLE'),
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

/** What the hub sends to the webhook endpoints of its tenants (spec X12). */
function describeWebhooks(app: OpenAPIHono<RouteEnv>): void {
  for (const { type, about, body, example } of webhookEvents) {
    app.openAPIRegistry.registerWebhook({
      ...open,
      method: 'post',
      path: type,
      tags: ['webhooks'],
      summary: about,
      description: 'Signed by Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.',
      request: {
        headers: z.object({
          'webhook-id': z.string().openapi({ description: 'The same at each try: take it once' }),
          'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970, of this try' }),
          'webhook-signature': z.string().openapi({ description: 'One or more, with blanks between them' }),
        }),
        body: { required: true, content: { 'application/json': { schema: body, example } } },
      },
      responses: { 200: { description: 'Any 2xx: taken. 410: send nothing more. Anything else is tried again' } },
    });
  }
}

/** The library leaves a regular expression's flags at the end of its pattern, where they are part of it. */
const plainPattern = (key: string, value: unknown): unknown =>
  key === 'pattern' && typeof value === 'string' ? value.replace(/\$\/[a-z]*$/, '$') : value;

/** Serves `/openapi.json` (3.1, spec O3), and answers it; call it after the last route was mounted. */
export function serveOpenApi(app: OpenAPIHono<RouteEnv>, version: string, publicUrl: string): OpenApiDocument {
  describeDoors(app);
  describeWebhooks(app);
  const made = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Jembatan', version, description, license: { name: 'MIT' } },
    servers: [{ url: publicUrl }],
    tags,
    security: [{ bearer: [] }, { apiKey: [] }],
  });
  // The library's type describes every document that could be; what it makes of these routes is this one.
  const document = completed(JSON.parse(JSON.stringify(made), plainPattern) as OpenApiDocument);
  app.get('/openapi.json', (c) => c.json(document));
  return document;
}
