import type { MiddlewareHandler } from 'hono';
import { type Limits, tooMany } from '#platform/limits.ts';
import type { RouteEnv } from '#platform/routing.ts';

/** So many a minute from one address, whoever asks. */
export function limitAddress(limits: Limits): MiddlewareHandler<RouteEnv> {
  return async (c, next) => {
    await limits.address(c.get('address'));
    await next();
  };
}

/** So many a minute for one user or key; stands behind the authentication. */
export function limitCaller(limits: Limits): MiddlewareHandler<RouteEnv> {
  return async (c, next) => {
    await limits.caller(c.get('caller').userId);
    await next();
  };
}

const blocked = 'Too much from this address has failed. It is blocked for a while.';

/** Throws where the address is blocked. */
export async function refuseBlocked(limits: Limits, address: string): Promise<void> {
  const ms = await limits.suspects.blockedMs(address);
  if (ms !== null) throw tooMany(blocked, ms);
}

/**
 * Keeps a blocked address from the doors where a password or a token is tried. Whoever brings credentials is let on to
 * where they are checked: a guesser must not shut out those behind the same address who are logged in.
 */
export function limitSuspects(limits: Limits): MiddlewareHandler<RouteEnv> {
  return async (c, next) => {
    const brings = c.req.header('Authorization') ?? c.req.header('X-API-Key');
    if (brings === undefined) await refuseBlocked(limits, c.get('address'));
    await next();
  };
}
