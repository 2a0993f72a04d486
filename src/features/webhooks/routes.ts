import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, takes, whoAsks } from '#platform/routing.ts';
import { addDeliveryRoutes } from './delivery-routes.ts';
import { Endpoint, EndpointChange, EndpointPage, EndpointQuery, EndpointWithSecret, NewEndpoint } from './schema.ts';
import {
  addEndpoint,
  changeEndpoint,
  getEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
  type WebhooksDeps,
} from './verbs.ts';

const path = '/webhook-endpoints';
const onePath = '/webhook-endpoints/{id}';
const tags = ['webhooks'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;

const create = createRoute({
  ...needs('webhooks:write'),
  method: 'post',
  path,
  tags,
  summary: 'Add an endpoint that is told what happens; its secret is in this answer alone',
  request: { body: takes(NewEndpoint) },
  responses: { 201: answers(EndpointWithSecret, 'The endpoint and its secret'), ...refuses(...usual, 'CONFLICT') },
});

const list = createRoute({
  ...needs('webhooks:read'),
  method: 'get',
  path,
  tags,
  summary: 'List webhook endpoints, the newest first',
  request: { query: EndpointQuery },
  responses: { 200: answers(EndpointPage, 'A page of endpoints'), ...refuses(...usual) },
});

const get = createRoute({
  ...needs('webhooks:read'),
  method: 'get',
  path: onePath,
  tags,
  summary: 'One webhook endpoint',
  request: { params: IdParam },
  responses: { 200: answers(Endpoint, 'The endpoint'), ...refuses(...usual, 'NOT_FOUND') },
});

const change = createRoute({
  ...needs('webhooks:write'),
  method: 'patch',
  path: onePath,
  tags,
  summary: 'Change a webhook endpoint, or turn it off and on',
  request: { params: IdParam, body: takes(EndpointChange) },
  responses: { 200: answers(Endpoint, 'The endpoint as it is now'), ...refuses(...usual, 'NOT_FOUND') },
});

const remove = createRoute({
  ...needs('webhooks:write'),
  method: 'delete',
  path: onePath,
  tags,
  summary: 'Remove a webhook endpoint with its deliveries',
  request: { params: IdParam },
  responses: { 204: { description: 'It is gone' }, ...refuses(...usual, 'NOT_FOUND') },
});

const rotate = createRoute({
  ...needs('webhooks:write'),
  method: 'post',
  path: '/webhook-endpoints/{id}/rotate-secret',
  tags,
  summary: 'Give an endpoint a new secret; the old one signs beside it for 24 hours',
  request: { params: IdParam },
  responses: { 200: answers(EndpointWithSecret, 'The endpoint and its new secret'), ...refuses(...usual, 'NOT_FOUND') },
});

/** `webhook-endpoints` and `webhook-deliveries` (spec X12). */
export function webhooksRoutes(deps: WebhooksDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => c.json(await addEndpoint(deps, whoAsks(c), c.req.valid('json')), 201));
  routes.openapi(list, async (c) => c.json(await listEndpoints(deps, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(get, async (c) => c.json(await getEndpoint(deps, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await changeEndpoint(deps, whoAsks(c), id, c.req.valid('json')), 200);
  });
  routes.openapi(remove, async (c) => {
    await removeEndpoint(deps, whoAsks(c), c.req.valid('param').id);
    return c.body(null, 204);
  });
  routes.openapi(rotate, async (c) => c.json(await rotateSecret(deps, whoAsks(c), c.req.valid('param').id), 200));
  addDeliveryRoutes(routes, deps);
  return routes;
}
