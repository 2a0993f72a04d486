import { Hono, type MiddlewareHandler } from 'hono';
import { createClientAddress } from '#http/client-address.ts';
import { answerError } from '#http/errors.ts';
import { limitAddress } from '#http/limits.ts';
import { securityHeaders } from '#http/security-headers.ts';
import type { Limits } from '#platform/limits.ts';
import { type Log, newCorrelationId, withCorrelation } from '#platform/log.ts';
import type { RouteEnv, Routes } from '#platform/routing.ts';

export type IsolirDoorDeps = {
  /** Where subscribers reach the hub's pages. */
  readonly isolirUrl: string;
  readonly trustedProxies: readonly string[];
  readonly limits: Limits;
  readonly log: Log;
  /** Those under `/isolir`. */
  readonly pages: Routes;
};

/** How a page is asked for, and how its form is sent. */
const shown = new Set(['GET', 'HEAD', 'POST']);

function scope(trustedProxies: readonly string[]): MiddlewareHandler<RouteEnv> {
  const addressOf = createClientAddress(trustedProxies);
  return (c, next) => {
    const id = newCorrelationId();
    c.set('correlationId', id);
    c.set('address', addressOf(c));
    return withCorrelation(id, next);
  };
}

/**
 * What answers in the place of every web site that an isolated subscriber asks for: 302 to the page, whatever the Host,
 * path or method, never 200 with content. That is also how a phone or computer learns that it is behind a wall, from
 * its own probe (`generate_204`, `hotspot-detect.html`, `connecttest.txt`, …). It looks nothing up, so it answers
 * whatever else is away. The page itself is shown here too, to whoever asks for it under its own name.
 */
export function createIsolirDoor({ isolirUrl, trustedProxies, limits, log, pages }: IsolirDoorDeps): Hono<RouteEnv> {
  const own = new URL(isolirUrl);
  const page = new URL('/isolir', own).href;
  const app = new Hono<RouteEnv>();
  app.onError(answerError(log));
  app.use('*', async (c, next) => {
    const isPage = shown.has(c.req.method) && /^\/isolir(\/|$)/.test(c.req.path);
    if (isPage && c.req.header('Host')?.toLowerCase() === own.host) return next();
    return c.body(null, 302, { Location: page, 'Cache-Control': 'no-store' });
  });
  app.use('*', scope(trustedProxies));
  app.use('*', securityHeaders(isolirUrl));
  app.use('*', limitAddress(limits));
  app.route('/', pages);
  return app;
}
