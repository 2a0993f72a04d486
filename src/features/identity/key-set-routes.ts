import { createRoute, z } from '@hono/zod-openapi';
import { answers, newRoutes, type Routes, refuses } from '#platform/routing.ts';
import type { KeyRing } from './key-ring.ts';

const KeySet = z
  .object({
    keys: z.array(
      z.object({
        kty: z.string(),
        n: z.string(),
        e: z.string(),
        kid: z.string(),
        alg: z.literal('RS256'),
        use: z.literal('sig'),
      }),
    ),
  })
  .openapi('KeySet', { description: 'A JSON Web Key Set (RFC 7517)' });

const keySet = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  tags: ['auth'],
  security: [],
  summary: 'The public keys that access tokens are verified with: the current one, and those replaced a while ago',
  responses: { 200: answers(KeySet, 'The keys'), ...refuses('RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE') },
});

/** For others who verify this hub's access tokens by themselves. */
export function keySetRoutes(keys: KeyRing): Routes {
  const routes = newRoutes();
  routes.openapi(keySet, async (c) => {
    c.header('Cache-Control', 'public, max-age=300');
    return c.json({ keys: [...(await keys.published())] }, 200);
  });
  return routes;
}
