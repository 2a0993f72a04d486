import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import type { Registry } from 'prom-client';
import { statementMaxBytes } from '#features/bank-statements/verbs.ts';
import { type Authenticate, requireCredential } from '#http/authenticate.ts';
import { chosenFields } from '#http/chosen-fields.ts';
import { createClientAddress } from '#http/client-address.ts';
import { docsPage } from '#http/docs-page.ts';
import { entityTag, ifMatch } from '#http/entity-tag.ts';
import { answerError, answerRefusal } from '#http/errors.ts';
import { healthRoutes, type Readiness } from '#http/health.ts';
import { limitAddress, limitCaller, limitSuspects } from '#http/limits.ts';
import { createHttpMetrics } from '#http/metrics.ts';
import { serveOpenApi } from '#http/openapi.ts';
import { fieldsOf, type OpenApiDocument } from '#http/openapi-document.ts';
import { bodyLimitBytes } from '#http/read-body.ts';
import { requestScope } from '#http/request-scope.ts';
import { securityHeaders } from '#http/security-headers.ts';
import { webPages } from '#http/web-pages.ts';
import { thankErpnext, thankGateway, thankInventree, type WebhookDoor, webhookDoor } from '#http/webhook-door.ts';
import type { Receiver } from '#inbox/receive.ts';
import type { Config } from '#platform/config.ts';
import { type Limits, noLimits } from '#platform/limits.ts';
import type { Log } from '#platform/log.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { RouteEnv, Routes } from '#platform/routing.ts';

/** A room's routes and where under `/api/v1` they begin; `/` where they carry their whole path. */
export type Mounted = { readonly path: string; readonly app: Routes };

export type AppDeps = {
  readonly config: Pick<Config, 'publicUrl' | 'corsOrigins' | 'trustedProxies'>;
  readonly version: string;
  readonly log: Log;
  /** What `/metrics` shows; the door adds its own. */
  readonly metrics: Registry;
  readonly receiver: Receiver;
  /** What payment gateways tell, by the gateway's name; left out: none is listened to. */
  readonly callbacks?: Readonly<Record<string, Receiver>>;
  /** InvenTree's event plugins. */
  readonly hints?: Receiver;
  readonly readiness: () => Promise<Readiness>;
  readonly authenticate: Authenticate;
  /** How often one may ask; left out: as often as one likes. */
  readonly limits?: Limits;
  /** Routes that need no token and stand outside `/api/v1`. */
  readonly rootRoutes?: readonly Mounted[];
  /** Routes that need no token: logging in. */
  readonly publicRoutes: readonly Mounted[];
  readonly routes: readonly Mounted[];
  /** What makes a request with an Idempotency-Key have its effect once; left out: keys are not looked at. */
  readonly idempotency?: MiddlewareHandler<RouteEnv>;
  /** A delivery that is not stored by then is answered with 503. */
  readonly webhookDeadlineMs?: number;
};

const exposed = ['X-Request-Id', 'Retry-After', 'ETag', 'Idempotent-Replayed'];

type Surface = { readonly document: () => OpenApiDocument; readonly ask: Parameters<typeof ifMatch>[0] };

/** Bank statements, and photos of work orders. */
const isLarge = /\/(bank-statements|work-orders\/[^/]+\/photos)$/;

function api(deps: AppDeps, surface: Surface): Routes {
  const routes = new OpenAPIHono<RouteEnv>();
  const onError = (): never => {
    throw new Refusal(
      'PAYLOAD_TOO_LARGE',
      'A request may have 1 MB at most, a bank statement or a photo of a work order 5 MB.',
    );
  };
  const usual = bodyLimit({ maxSize: bodyLimitBytes, onError });
  const large = bodyLimit({ maxSize: statementMaxBytes, onError });
  routes.use('*', (c, next) => (isLarge.test(c.req.path) ? large : usual)(c, next));
  const limits = deps.limits ?? noLimits;
  routes.use('*', limitSuspects(limits));
  for (const { path, app } of deps.publicRoutes) routes.route(path, app);
  routes.use('*', requireCredential(deps.authenticate, deps.config.publicUrl, limits));
  routes.use('*', limitCaller(limits));
  routes.use('*', ifMatch(surface.ask));
  if (deps.idempotency) routes.use('*', deps.idempotency);
  routes.use('*', entityTag);
  routes.use(
    '*',
    chosenFields((path) => fieldsOf(surface.document(), path)),
  );
  for (const { path, app } of deps.routes) routes.route(path, app);
  return routes;
}

/** A door for each payment gateway (spec L5). */
function openPaymentDoors(
  app: OpenAPIHono<RouteEnv>,
  callbacks: Readonly<Record<string, Receiver>>,
  door: Omit<WebhookDoor, 'receiver' | 'path' | 'thank'>,
): void {
  for (const [gateway, receiver] of Object.entries(callbacks)) {
    const path = `/webhooks/payments/${gateway}`;
    app.post(`${path}/:subdomain`, webhookDoor({ ...door, receiver, path, thank: thankGateway }));
  }
}

/** The whole HTTP surface (contract, table HTTP). The order is the order in which a request meets things. */
export function createApp(deps: AppDeps): OpenAPIHono<RouteEnv> {
  const { config, log, receiver } = deps;
  const { webhooks, requests } = createHttpMetrics(deps.metrics);
  const app = new OpenAPIHono<RouteEnv>();
  app.onError(answerError(log));
  app.notFound((c) => answerRefusal(c, notFound('path')));
  const door = { webhooks, log, deadlineMs: deps.webhookDeadlineMs ?? 2_500 };
  app.post(
    '/webhooks/erpnext/:subdomain',
    webhookDoor({ ...door, receiver, path: '/webhooks/erpnext', thank: thankErpnext }),
  );
  if (deps.hints) {
    const path = '/webhooks/inventree';
    app.post(`${path}/:subdomain`, webhookDoor({ ...door, receiver: deps.hints, path, thank: thankInventree }));
  }
  if (deps.callbacks) openPaymentDoors(app, deps.callbacks, door);
  app.use('*', requestScope(log, requests, createClientAddress(config.trustedProxies)));
  app.use('*', securityHeaders(config.publicUrl));
  if (config.corsOrigins.length > 0) {
    app.use('*', cors({ origin: [...config.corsOrigins], exposeHeaders: exposed, maxAge: 600 }));
  }
  app.route('/', healthRoutes(deps.readiness, deps.metrics));
  // Health and metrics stand before it, and the webhook doors: what they get must get in (spec I5).
  app.use('*', limitAddress(deps.limits ?? noLimits));
  for (const { path, app: routes } of deps.rootRoutes ?? []) app.route(path, routes);
  app.route('/', docsPage());
  app.route('/', webPages());
  const squeeze = compress();
  // Only what is read: the answer to a change is short, and streams of events are not GETs of JSON.
  app.use('*', (c, next) => (c.req.method === 'GET' ? squeeze(c, next) : next()));
  let document: OpenApiDocument = { openapi: '3.1.0', paths: {} };
  app.route('/api/v1', api(deps, { document: () => document, ask: (request, env) => app.fetch(request, Object(env)) }));
  document = serveOpenApi(app, deps.version, config.publicUrl);
  return app;
}
