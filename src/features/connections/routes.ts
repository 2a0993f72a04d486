import { createRoute, type z } from '@hono/zod-openapi';
import { answers, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { Duitku, Midtrans, Tripay, Xendit } from './gateway-forms.ts';
import { installErpnext } from './install.ts';
import { installInventree } from './install-inventree.ts';
import {
  Connection,
  ConnectionPage,
  Erpnext,
  Freeradius,
  Installed,
  Inventree,
  Smtp,
  SystemParam,
  TestResult,
} from './schema.ts';
import { type ConnectionsDeps, connect, disconnect, findConnections, testConnection } from './verbs.ts';

const usual = ['UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;

const put = <P extends string, S extends z.ZodType>(path: P, name: string, schema: S) =>
  createRoute({
    ...needs('connections:write'),
    method: 'put',
    path,
    tags: ['connections'],
    summary: `Connect ${name}, or change how`,
    request: { body: takes(schema) },
    responses: {
      200: answers(Connection, 'Connected, without secrets'),
      ...refuses('VALIDATION_ERROR', 'CONFLICT', 'PAYLOAD_TOO_LARGE', ...usual),
    },
  });

const erpnext = put('/connections/erpnext', 'ERPNext', Erpnext);
const freeradius = put('/connections/freeradius', 'FreeRADIUS', Freeradius);
const inventree = put('/connections/inventree', 'InvenTree', Inventree);
const smtp = put('/connections/smtp', 'a mail server', Smtp);
const midtrans = put('/connections/midtrans', 'Midtrans', Midtrans);
const xendit = put('/connections/xendit', 'Xendit', Xendit);
const tripay = put('/connections/tripay', 'Tripay', Tripay);
const duitku = put('/connections/duitku', 'Duitku', Duitku);

const list = createRoute({
  ...needs('connections:read'),
  method: 'get',
  path: '/connections',
  tags: ['connections'],
  summary: 'The connected systems, their last test and what waits for them',
  responses: { 200: answers(ConnectionPage, 'All of them, on one page'), ...refuses(...usual) },
});

const off = createRoute({
  ...needs('connections:write'),
  method: 'delete',
  path: '/connections/{system}',
  tags: ['connections'],
  summary: 'Turn a connection off',
  description:
    'Its settings and secrets are forgotten. What waits for the system goes on waiting; nobody is cut off by it.',
  request: { params: SystemParam },
  responses: {
    204: { description: 'Turned off' },
    ...refuses('VALIDATION_ERROR', 'NOT_FOUND', 'CONFLICT', ...usual),
  },
});

const test = createRoute({
  ...needs('connections:test'),
  method: 'post',
  path: '/connections/{system}/test',
  tags: ['connections'],
  summary: 'Test a connection',
  request: { params: SystemParam },
  responses: {
    200: answers(TestResult, 'What came of it, in words'),
    ...refuses('VALIDATION_ERROR', 'NOT_FOUND', ...usual),
  },
});

const install = createRoute({
  ...needs('connections:write'),
  method: 'post',
  path: '/connections/erpnext/install',
  tags: ['connections'],
  summary: 'Furnish ERPNext for the hub',
  description:
    'Makes the custom fields and webhooks that are missing there, and says what is left for a person. Again: nothing is written.',
  responses: {
    200: answers(Installed, 'Each thing that the hub needs there'),
    ...refuses('NOT_FOUND', ...usual),
  },
});

const installTracker = createRoute({
  ...needs('connections:write'),
  method: 'post',
  path: '/connections/inventree/install',
  tags: ['connections'],
  summary: 'Furnish InvenTree for the hub',
  description:
    'Makes the locations that are missing there and takes them into the settings, and says what is left for a person. Again: nothing is written.',
  responses: {
    200: answers(Installed, 'Each thing that the hub needs there'),
    ...refuses('NOT_FOUND', ...usual),
  },
});

/** The systems that a tenant has (contract `connections`); secrets go in and never come out. */
export function connectionsRoutes(deps: ConnectionsDeps): Routes {
  const routes = newRoutes();
  routes.openapi(erpnext, async (c) => {
    const input = { system: 'erpnext' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(freeradius, async (c) => {
    const input = { system: 'freeradius' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(inventree, async (c) => {
    const input = { system: 'inventree' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(smtp, async (c) => {
    const input = { system: 'smtp' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(midtrans, async (c) => {
    const input = { system: 'midtrans' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(xendit, async (c) => {
    const input = { system: 'xendit' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(tripay, async (c) => {
    const input = { system: 'tripay' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(duitku, async (c) => {
    const input = { system: 'duitku' as const, ...c.req.valid('json') };
    return c.json(await connect(deps, whoAsks(c), input), 200);
  });
  routes.openapi(list, async (c) => {
    const data = await findConnections(deps, whoAsks(c));
    return c.json({ data, page: 1, page_size: Math.max(1, data.length), total: data.length }, 200);
  });
  routes.openapi(off, async (c) => {
    await disconnect(deps, whoAsks(c), c.req.valid('param').system);
    return c.body(null, 204);
  });
  routes.openapi(install, async (c) => c.json(await installErpnext(deps, whoAsks(c)), 200));
  routes.openapi(installTracker, async (c) => c.json(await installInventree(deps, whoAsks(c)), 200));
  routes.openapi(test, async (c) => {
    const { system } = c.req.valid('param');
    return c.json(await testConnection(deps, whoAsks(c), system), 200);
  });
  return routes;
}
