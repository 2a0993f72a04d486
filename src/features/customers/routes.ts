import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Database } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';
import { Refusal } from '#platform/refusal.ts';
import {
  answers,
  IdParam,
  newRoutes,
  pageOf,
  type RouteEnv,
  type Routes,
  refuses,
  requireRole,
  takes,
  tenantOf,
} from '#platform/routing.ts';
import type { Registered, Registering } from './registering.ts';
import { Customer, CustomerChange, CustomerDetail, CustomerQuery, NewCustomer, RegisteredCustomer } from './schema.ts';
import { changeCustomer, getCustomer, getCustomerWithLines, listCustomers, removeCustomer } from './verbs.ts';

export type CustomersDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** The journey that makes a customer with its first line, committed when it answers; refuses by throwing a Refusal. */
  readonly register: (who: Registering, customer: NewCustomer) => Promise<Registered>;
  /** Decides about a marked line at once. Never rejects: what fails is logged, and the loop decides a moment later. */
  readonly decideNow: (tenantId: string, subscriptionId: string) => Promise<void>;
};

const tags = ['Customers'];
const path = '/customers';
const onePath = '/customers/{id}';

const create = createRoute({
  method: 'post',
  path,
  tags,
  summary: 'Register a customer with a first subscription',
  request: { body: takes(NewCustomer) },
  responses: {
    201: answers(RegisteredCustomer, 'The customer, its subscription, and the PPPoE password'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'DUPLICATE_ENTRY'),
  },
});

const list = createRoute({
  method: 'get',
  path,
  tags,
  summary: 'List customers; search looks into name, code, phone and e-mail',
  request: { query: CustomerQuery },
  responses: {
    200: answers(pageOf(Customer), 'A page of customers'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'),
  },
});

const get = createRoute({
  method: 'get',
  path: onePath,
  tags,
  summary: 'One customer with all of its subscriptions',
  request: { params: IdParam },
  responses: {
    200: answers(CustomerDetail, 'The customer'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'),
  },
});

const change = createRoute({
  method: 'patch',
  path: onePath,
  tags,
  summary: 'Change a customer, except for what ERPNext owns',
  request: { params: IdParam, body: takes(CustomerChange) },
  responses: {
    200: answers(Customer, 'The customer as it is now'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'),
  },
});

const remove = createRoute({
  method: 'delete',
  path: onePath,
  tags,
  summary: 'Take a customer off the lists whose subscriptions have all ended',
  request: { params: IdParam },
  responses: {
    204: { description: 'It is off the lists' },
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'),
  },
});

function askedBy(c: Context<RouteEnv>): Registering {
  const caller = c.get('caller');
  requireRole(caller, 'admin');
  return { tenantId: tenantOf(caller), userId: caller.userId, correlationId: c.get('correlationId') };
}

/** `customers` (spec C3, C6, C7, C9). */
export function customersRoutes({ db, clock, register, decideNow }: CustomersDeps): Routes {
  const routes = newRoutes();
  routes.openapi(create, async (c) => {
    const who = askedBy(c);
    const { tenantId } = who;
    const { customerId, subscriptionId, password } = await register(who, c.req.valid('json'));
    await decideNow(tenantId, subscriptionId);
    const { subscription, ...customer } = await db.tenant(tenantId, (tx) =>
      getCustomer(tx, tenantId, customerId, clock()),
    );
    if (!subscription) throw new Refusal('INTERNAL_ERROR', 'The customer was registered without a subscription.');
    return c.json({ ...customer, subscription: { ...subscription, password } }, 201);
  });
  routes.openapi(list, async (c) => {
    const { tenantId } = askedBy(c);
    return c.json(await db.tenant(tenantId, (tx) => listCustomers(tx, tenantId, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(get, async (c) => {
    const { tenantId } = askedBy(c);
    return c.json(
      await db.tenant(tenantId, (tx) => getCustomerWithLines(tx, tenantId, c.req.valid('param').id, clock())),
      200,
    );
  });
  routes.openapi(change, async (c) => {
    const { tenantId } = askedBy(c);
    const { id } = c.req.valid('param');
    const answer = await db.tenant(tenantId, (tx) => changeCustomer(tx, tenantId, id, c.req.valid('json'), clock()));
    return c.json(answer, 200);
  });
  routes.openapi(remove, async (c) => {
    const { tenantId } = askedBy(c);
    await db.tenant(tenantId, (tx) => removeCustomer(tx, tenantId, c.req.valid('param').id));
    return c.body(null, 204);
  });
  return routes;
}
