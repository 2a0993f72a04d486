import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { underPrecondition } from '#db/precondition.ts';
import { createTurns } from '#http/turns.ts';
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

/** A request under `If-Match` holds a transaction and looks beside it: so few at a time leave connections for the looks. */
const atATime = 2;

/**
 * `If-Match` on PATCH, PUT and DELETE: done only while the same path still answers this caller with that ETag, else 409.
 * It is looked at before, and again in the transaction of the deed, which by then has locked what it changes: so of those
 * who change one thing, in whatever process and with the header or without, none undoes what it has not seen. What only
 * the answer shows, and the deed does not lock, may still change between that look and the commit. `ask` is the whole
 * surface.
 */
export function ifMatch(
  ask: (request: Request, env: unknown) => Response | Promise<Response>,
): MiddlewareHandler<RouteEnv> {
  const turns = createTurns(atATime);
  return async (c, next) => {
    const wanted = c.req.header('If-Match');
    if (wanted === undefined || !['PATCH', 'PUT', 'DELETE'].includes(c.req.method)) return next();
    const look = asGet(c);
    const demand = async (): Promise<boolean> => {
      const now = await ask(look.clone(), c.env);
      const tag = now.headers.get('ETag');
      await now.body?.cancel();
      if (now.ok && (tag === null || !names(wanted, tag))) {
        throw new Refusal('CONFLICT', 'It was changed in the meantime: read it again.', {
          header: 'If-Match',
          etag: tag,
        });
      }
      return now.ok;
    };
    if (!(await demand())) return next();
    const turn = turns.take();
    const precondition = { name: `${c.get('caller').tenantId} ${c.req.path}`, enter: turn.begin, demand };
    await underPrecondition(precondition, next).finally(turn.end);
  };
}
