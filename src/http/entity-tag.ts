import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { Refusal } from '#platform/refusal.ts';
import type { RouteEnv } from '#platform/routing.ts';

/** Weak: the same content may come compressed or not. */
const tagOf = (text: string): string => `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether one of the tags in a header is this one (RFC 9110 §8.8.3.2, the weak comparison). */
const names = (header: string, tag: string): boolean =>
  header.trim() === '*' || header.split(',').some((given) => opaque(given) === opaque(tag));

const isJson = (response: Response): boolean =>
  response.headers.get('Content-Type')?.startsWith('application/json') ?? false;

/** An `ETag` on what a GET answers in JSON, and 304 to whoever has it already (spec C4). */
export const entityTag: MiddlewareHandler<RouteEnv> = async (c, next) => {
  await next();
  if (c.req.method !== 'GET' || c.res.status !== 200 || !isJson(c.res)) return;
  const text = await c.res.text();
  const headers = new Headers(c.res.headers);
  const tag = tagOf(text);
  headers.set('ETag', tag);
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-cache');
  const isKnown = names(c.req.header('If-None-Match') ?? '', tag);
  if (isKnown) {
    headers.delete('Content-Type');
    c.res = new Response(null, { status: 304, headers });
    return;
  }
  // Named, so that compression sees which answers are too short for it.
  headers.set('Content-Length', String(Buffer.byteLength(text)));
  c.res = new Response(text, { status: 200, headers });
};

/** What says who asks, and from where: the look must be the caller's own. */
const identifying = ['Authorization', 'X-API-Key', 'X-Tenant-ID', 'X-Forwarded-For', 'X-Request-Id', 'Host'];

function asGet(c: Context): Request {
  const headers = new Headers();
  for (const name of identifying) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const { origin, pathname } = new URL(c.req.url);
  return new Request(`${origin}${pathname}`, { headers });
}

/**
 * `If-Match` on PATCH, PUT and DELETE: done only while the same path still answers this caller with that ETag, else 409.
 * Such requests wait for each other within this process; a change without `If-Match`, or in another process, between the
 * look and the deed is not seen. `ask` is the whole surface.
 */
export function ifMatch(
  ask: (request: Request, env: unknown) => Response | Promise<Response>,
): MiddlewareHandler<RouteEnv> {
  const lines = new Map<string, Promise<void>>();
  return async (c, next) => {
    const wanted = c.req.header('If-Match');
    if (wanted === undefined || !['PATCH', 'PUT', 'DELETE'].includes(c.req.method)) return next();
    const name = `${c.get('caller').tenantId} ${c.req.path}`;
    const before = lines.get(name) ?? Promise.resolve();
    const mine = before.then(async () => {
      const now = await ask(asGet(c), c.env);
      const tag = now.headers.get('ETag');
      await now.body?.cancel();
      if (now.ok && (tag === null || !names(wanted, tag))) {
        throw new Refusal('CONFLICT', 'It was changed in the meantime: read it again.', {
          header: 'If-Match',
          etag: tag,
        });
      }
      await next();
    });
    const settled = mine.catch(() => undefined);
    lines.set(name, settled);
    await mine.finally(() => {
      if (lines.get(name) === settled) lines.delete(name);
    });
  };
}
