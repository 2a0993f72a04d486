import { createRoute, z } from '@hono/zod-openapi';
import { Registry } from 'prom-client';
import { type AppDeps, createApp } from '#http/app.ts';
import type { Authenticated } from '#http/authenticate.ts';
import type { Receiver } from '#inbox/receive.ts';
import { createLog } from '#platform/log.ts';
import { answers, newRoutes, refuses, takes } from '#platform/routing.ts';

const alpha: Authenticated = {
  caller: {
    userId: 'a0000000-0000-4000-8000-000000000001',
    tenantId: 'a0000000-0000-4000-8000-00000000000a',
    role: 'admin',
  },
  subdomain: 'alpha',
};

const Echo = z.object({ text: z.string() });

/** Two routes for looking at what the door hands on: `/echo` answers its body, `/fail` throws what it was given. */
function probeRoutes(failure: () => never) {
  const routes = newRoutes();
  const echo = createRoute({
    method: 'post',
    path: '/echo',
    request: { body: takes(Echo) },
    responses: { 200: answers(Echo.extend({ tenant: z.string().nullable() }), 'x'), ...refuses('VALIDATION_ERROR') },
  });
  routes.openapi(echo, (c) => c.json({ ...c.req.valid('json'), tenant: c.get('caller').tenantId }, 200));
  routes.get('/fail', () => failure());
  return routes;
}

const accepting: Receiver = async () => ({ accepted: true, eventId: 7n, fresh: true, correlationId: 'c-7' });

export type OpenApp = ReturnType<typeof createApp> & { readonly lines: string[]; readonly metrics: Registry };

/** The HTTP door over nothing: a receiver that takes all, one good token (`good`), two probing routes. */
export function openApp(over: Partial<AppDeps> & { readonly failure?: () => never } = {}): OpenApp {
  const lines: string[] = [];
  const metrics = new Registry();
  const unused = (): never => {
    throw new Error('nobody asked for this');
  };
  const app = createApp({
    config: { publicUrl: 'https://hub.example.net', corsOrigins: [], trustedProxies: [] },
    version: '0.1.0',
    log: createLog('info', { write: (line) => lines.push(line) }),
    metrics,
    receiver: accepting,
    readiness: async () => ({ ready: true, dependencies: { bridge: { ok: true, text: 'reachable' } } }),
    authenticate: async (token) => (token === 'good' ? alpha : null),
    publicRoutes: [],
    routes: [{ path: '/', app: probeRoutes(over.failure ?? unused) }],
    ...over,
  });
  return Object.assign(app, { lines, metrics });
}
