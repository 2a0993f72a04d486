import { Hono } from 'hono';
import type { Registry } from 'prom-client';
import type { RouteEnv } from '#platform/routing.ts';

/** Whether the hub can do its work, and the state of each thing that it stands on, in words. */
export type Readiness = {
  readonly ready: boolean;
  readonly dependencies: Readonly<Record<string, { readonly ok: boolean; readonly text: string }>>;
  /** What holds cuts back, in numbers; null: it could not be asked. Makes nothing unready. */
  readonly cuts?: Readonly<Record<string, number | boolean>> | null;
};

/** `/healthz`: the process lives. `/readyz`: it can work (200) or not (503). `/metrics`: Prometheus (spec O5). */
export function healthRoutes(readiness: () => Promise<Readiness>, metrics: Registry): Hono<RouteEnv> {
  const routes = new Hono<RouteEnv>();
  routes.get('/healthz', (c) => c.json({ status: 'alive' }));
  routes.get('/readyz', async (c) => {
    const state = await readiness();
    if (!state.ready) c.header('Retry-After', '5');
    return c.json(state, state.ready ? 200 : 503);
  });
  routes.get('/metrics', async (c) => c.body(await metrics.metrics(), 200, { 'Content-Type': metrics.contentType }));
  return routes;
}
