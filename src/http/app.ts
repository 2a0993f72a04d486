import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import type { Registry } from 'prom-client';
import { type Authenticate, requireBearer } from '#http/authenticate.ts';
import { createClientAddress } from '#http/client-address.ts';
import { docsPage } from '#http/docs-page.ts';
import { answerError, answerRefusal } from '#http/errors.ts';
import { healthRoutes, type Readiness } from '#http/health.ts';
import { createHttpMetrics } from '#http/metrics.ts';
import { serveOpenApi } from '#http/openapi.ts';
import { bodyLimitBytes } from '#http/read-body.ts';
import { requestScope } from '#http/request-scope.ts';
import { securityHeaders } from '#http/security-headers.ts';
import { webhookDoor } from '#http/webhook-door.ts';
import type { Receiver } from '#inbox/receive.ts';
import type { Config } from '#platform/config.ts';
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
  readonly readiness: () => Promise<Readiness>;
  readonly authenticate: Authenticate;
  /** Routes that need no token: logging in. */
  readonly publicRoutes: readonly Mounted[];
  readonly routes: readonly Mounted[];
  /** A delivery that is not stored by then is answered with 503. */
  readonly webhookDeadlineMs?: number;
};

const exposed = ['X-Request-Id', 'Retry-After'];

function api(deps: AppDeps): Routes {
  const routes = new OpenAPIHono<RouteEnv>();
  const onError = (): never => {
    throw new Refusal('PAYLOAD_TOO_LARGE', 'A request may have 1 MB at most.');
  };
  routes.use('*', bodyLimit({ maxSize: bodyLimitBytes, onError }));
  for (const { path, app } of deps.publicRoutes) routes.route(path, app);
  routes.use('*', requireBearer(deps.authenticate, deps.config.publicUrl));
  for (const { path, app } of deps.routes) routes.route(path, app);
  return routes;
}

/** The whole HTTP surface (contract, table HTTP). The order is the order in which a request meets things. */
export function createApp(deps: AppDeps): OpenAPIHono<RouteEnv> {
  const { config, log, receiver } = deps;
  const { webhooks, requests } = createHttpMetrics(deps.metrics);
  const app = new OpenAPIHono<RouteEnv>();
  app.onError(answerError(log));
  app.notFound((c) => answerRefusal(c, notFound('path')));
  app.post(
    '/webhooks/erpnext/:subdomain',
    webhookDoor({ receiver, webhooks, log, deadlineMs: deps.webhookDeadlineMs ?? 2_500 }),
  );
  app.use('*', requestScope(log, requests, createClientAddress(config.trustedProxies)));
  app.use('*', securityHeaders(config.publicUrl));
  if (config.corsOrigins.length > 0) {
    app.use('*', cors({ origin: [...config.corsOrigins], exposeHeaders: exposed, maxAge: 600 }));
  }
  app.route('/', healthRoutes(deps.readiness, deps.metrics));
  app.route('/', docsPage());
  app.route('/api/v1', api(deps));
  serveOpenApi(app, deps.version, config.publicUrl);
  return app;
}
