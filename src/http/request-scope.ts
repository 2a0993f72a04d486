import type { MiddlewareHandler } from 'hono';
import { answeringRoute } from '#http/answering-route.ts';
import type { HttpMetrics } from '#http/metrics.ts';
import { type Log, newCorrelationId, withCorrelation } from '#platform/log.ts';
import type { RouteEnv } from '#platform/routing.ts';

/** An id that may stand in a log line and a header as it came. */
const sane = /^[A-Za-z0-9._:-]{1,100}$/;

/** Asked every few seconds by machines; a line for each would hide the others. */
const quiet = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * The scope of one request: its correlation id (taken from `X-Request-Id` where it is sane, echoed there), its address,
 * one log line and one measurement when it is answered (spec O5).
 */
export function requestScope(
  log: Log,
  requests: HttpMetrics['requests'],
  addressOf: (c: Parameters<MiddlewareHandler<RouteEnv>>[0]) => string,
): MiddlewareHandler<RouteEnv> {
  return (c, next) => {
    const given = c.req.header('X-Request-Id') ?? '';
    const id = sane.test(given) ? given : newCorrelationId();
    c.set('correlationId', id);
    c.set('address', addressOf(c));
    return withCorrelation(id, async () => {
      const start = performance.now();
      await next();
      c.header('X-Request-Id', id);
      const ms = performance.now() - start;
      const { method, path } = c.req;
      requests.observe({ method, route: answeringRoute(c), status: c.res.status }, ms / 1000);
      const line = { method, path, status: c.res.status, duration_ms: Math.round(ms), address: c.var.address };
      log[quiet.has(path) ? 'debug' : 'info']('a request was answered', { ...line, tenant: c.var.caller?.tenantId });
    });
  };
}
