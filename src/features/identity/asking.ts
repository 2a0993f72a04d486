import type { Context } from 'hono';
import type { RouteEnv } from '#platform/routing.ts';
import type { Asking, Visit } from './identity-deps.ts';

type Env = Context<RouteEnv>;

/** What the door knows of a request before it knows who asks. */
export const visitOf = (c: Env): Visit => ({
  correlationId: c.get('correlationId'),
  address: c.get('address'),
  device: c.req.header('User-Agent')?.slice(0, 200),
});

/** Who asks, whether a tenant's or a platform owner. */
export const askingOf = (c: Env): Asking => ({ ...visitOf(c), caller: c.get('caller') });
