import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { closeRequest, getRequest, listRequests, openRequest, type Threads, writeMessage } from './requests.ts';
import { NewMessage, NewRequest, RequestPage, RequestQuery, RequestThread } from './requests-schema.ts';

const tags = ['Resellers'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;
const own = '/reseller/requests';
const all = '/reseller-requests';

const open = createRoute({
  ...needs('own_sales:write'),
  method: 'post',
  path: own,
  tags,
  summary: 'Ask the provider for something, about a customer or not',
  request: { body: takes(NewRequest) },
  responses: { 201: answers(RequestThread, 'Asked; whoever answers is written to'), ...refuses(...usual) },
});

const ownList = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: own,
  tags,
  summary: 'What this reseller has asked, the newest word first',
  request: { query: RequestQuery.omit({ reseller_id: true }) },
  responses: { 200: answers(RequestPage, 'A page of requests'), ...refuses(...usual) },
});

const ownOne = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: `${own}/{id}`,
  tags,
  summary: 'One request of this reseller, with its answers',
  request: { params: IdParam },
  responses: { 200: answers(RequestThread, 'The thread'), ...refuses(...usual, 'NOT_FOUND') },
});

const ownWrite = createRoute({
  ...needs('own_sales:write'),
  method: 'post',
  path: `${own}/{id}/messages`,
  tags,
  summary: 'Say more about a request of this reseller',
  request: { params: IdParam, body: takes(NewMessage) },
  responses: { 201: answers(RequestThread, 'The thread'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

const list = createRoute({
  ...needs('reseller_requests:read'),
  method: 'get',
  path: all,
  tags,
  summary: 'What resellers ask, the newest word first',
  request: { query: RequestQuery },
  responses: { 200: answers(RequestPage, 'A page of requests'), ...refuses(...usual) },
});

const get = createRoute({
  ...needs('reseller_requests:read'),
  method: 'get',
  path: `${all}/{id}`,
  tags,
  summary: 'One request of a reseller, with its answers',
  request: { params: IdParam },
  responses: { 200: answers(RequestThread, 'The thread'), ...refuses(...usual, 'NOT_FOUND') },
});

const answer = createRoute({
  ...needs('reseller_requests:write'),
  method: 'post',
  path: `${all}/{id}/messages`,
  tags,
  summary: 'Answer a request of a reseller',
  request: { params: IdParam, body: takes(NewMessage) },
  responses: {
    201: answers(RequestThread, 'The thread; the reseller is written to'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT'),
  },
});

const close = createRoute({
  ...needs('reseller_requests:write'),
  method: 'post',
  path: `${all}/{id}/close`,
  tags,
  summary: 'Close a request of a reseller',
  request: { params: IdParam },
  responses: { 200: answers(RequestThread, 'The thread'), ...refuses(...usual, 'NOT_FOUND') },
});

/** What resellers ask of the provider, from either side (spec S1). */
export function requestsRoutes(threads: Threads): Routes {
  const routes = newRoutes();
  routes.openapi(open, async (c) => c.json(await openRequest(threads, whoAsks(c), c.req.valid('json')), 201));
  routes.openapi(ownList, async (c) => c.json(await listRequests(threads, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(ownOne, async (c) => c.json(await getRequest(threads, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(ownWrite, async (c) =>
    c.json(await writeMessage(threads, whoAsks(c), c.req.valid('param').id, c.req.valid('json')), 201),
  );
  routes.openapi(list, async (c) => c.json(await listRequests(threads, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(get, async (c) => c.json(await getRequest(threads, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(answer, async (c) =>
    c.json(await writeMessage(threads, whoAsks(c), c.req.valid('param').id, c.req.valid('json')), 201),
  );
  routes.openapi(close, async (c) => c.json(await closeRequest(threads, whoAsks(c), c.req.valid('param').id), 200));
  return routes;
}
