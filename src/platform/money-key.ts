import type { Context } from 'hono';
import { invalid } from '#platform/refusal.ts';
import type { RouteEnv, Who } from '#platform/routing.ts';

const header = 'Idempotency-Key';

/**
 * The key of a request that moves a reseller's money, in the caller's own space. Without one it is refused: whoever
 * repeats a request whose answer was lost would pay twice.
 */
export function moneyKey(c: Context<RouteEnv>, { caller }: Who): string {
  const given = c.req.header(header);
  if (given === undefined) {
    throw invalid(header, 'is missing: name each payment by a key of its own, and repeat it with the same one');
  }
  return `${caller.userId} ${given}`;
}
