import type { Context } from 'hono';
import { matchedRoutes, routePath } from 'hono/route';

/**
 * The path of the route that answers a request, as it was registered: `/api/v1/customers/:id`. Of several that match
 * (`/customers/statistics` matches `/customers/:id` as well) the first answers.
 */
export const answeringRoute = (c: Context): string =>
  matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? routePath(c, -1);
