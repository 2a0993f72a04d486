import { createRoute } from '@hono/zod-openapi';
import type { Database, Tx } from '#db/database.ts';
import type { AppendMessage } from '#outbox/append-message.ts';
import { demand, demandReseller } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import {
  answers,
  IdParam,
  needs,
  newRoutes,
  type Routes,
  refuses,
  takes,
  type Who,
  whoAsks,
} from '#platform/routing.ts';
import { listBills } from './bills.ts';
import { dashboard, type Purse } from './dashboard.ts';
import type { Importing } from './import.ts';
import { importRoutes } from './import-routes.ts';
import { listCustomers } from './listing.ts';
import { createModemLooks, type ModemView } from './modem-looks.ts';
import { soldPlans } from './plans.ts';
import { requestsRoutes } from './requests-routes.ts';
import * as schema from './schema.ts';
import { customerStatus } from './status.ts';

type Place = { readonly latitude: number; readonly longitude: number };
type PlaceAnswer = {
  readonly covered: boolean;
  readonly areas: { readonly id: string; readonly name: string }[];
  readonly may_register: boolean;
};

export type ResellerDeskDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly modems: ModemView;
  readonly appendMessage: AppendMessage;
  readonly purse: Purse;
  readonly addPresent: Importing['addPresent'];
  readonly inTurn: Importing['inTurn'];
  /** Whether a place can be served, and whoever lives there be registered. */
  readonly checkPlace: (tx: Tx, who: Who, place: Place) => Promise<PlaceAnswer>;
};

const tags = ['Resellers'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;
const path = '/reseller';

const home = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: `${path}/dashboard`,
  tags,
  summary: 'How a reseller’s customers stand, what is to be collected, what it holds and has earned',
  responses: { 200: answers(schema.Dashboard, 'As it is now'), ...refuses('UNAUTHORIZED', 'FORBIDDEN') },
});

const customers = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: `${path}/customers`,
  tags,
  summary: 'The customers of this reseller, each with its dot; search looks into name, code and phone',
  request: { query: schema.SubCustomerQuery },
  responses: { 200: answers(schema.SubCustomerPage, 'A page of customers'), ...refuses(...usual) },
});

const status = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: `${path}/customers/{id}/status`,
  tags,
  summary: 'Whether a customer’s modem is online, its last sessions, and why it is off in words of a shop',
  request: { params: IdParam },
  responses: { 200: answers(schema.SubCustomerStatus, 'As it is now'), ...refuses(...usual, 'NOT_FOUND') },
});

const bills = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: `${path}/invoices`,
  tags,
  summary: 'Open bills of this reseller’s customers, or of one, in whichever ledger, the oldest first',
  request: { query: schema.BillQuery },
  responses: { 200: answers(schema.BillPage, 'A page of bills'), ...refuses(...usual, 'NOT_FOUND') },
});

const plans = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: `${path}/plans`,
  tags,
  summary: 'What this reseller may sell, and at which price',
  responses: { 200: answers(schema.SoldPlans, 'Plans by name'), ...refuses('UNAUTHORIZED', 'FORBIDDEN') },
});

const place = createRoute({
  ...needs('own_sales:read'),
  method: 'post',
  path: `${path}/coverage`,
  tags,
  summary: 'Whether a place can be served, and whoever lives there be registered',
  request: { body: takes(schema.PlaceAsked) },
  responses: { 200: answers(schema.PlaceAnswer, 'The answer'), ...refuses(...usual) },
});

/** The counter of a reseller (spec S1): what it sees and asks; registering stands with the customers. */
export function resellerDeskRoutes(deps: ResellerDeskDeps): Routes {
  const { db, clock, modems, appendMessage, purse } = deps;
  const desk = { db, clock, looks: createModemLooks(db, modems, clock) };
  const routes = newRoutes();
  routes.openapi(home, async (c) => c.json(await dashboard(desk, purse, whoAsks(c)), 200));
  routes.openapi(customers, async (c) => c.json(await listCustomers(desk, whoAsks(c), c.req.valid('query')), 200));
  routes.openapi(status, async (c) => c.json(await customerStatus(desk, whoAsks(c), c.req.valid('param').id), 200));
  routes.openapi(bills, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => listBills(tx, who, c.req.valid('query'), clock())), 200);
  });
  routes.openapi(plans, async (c) => {
    const who = whoAsks(c);
    return c.json(await db.tenant(who.tenantId, (tx) => soldPlans(tx, who, clock())), 200);
  });
  routes.openapi(place, async (c) => {
    const who = whoAsks(c);
    demand(who.caller, 'own_sales:read');
    demandReseller(who);
    return c.json(await db.tenant(who.tenantId, (tx) => deps.checkPlace(tx, who, c.req.valid('json'))), 200);
  });
  routes.route('/', requestsRoutes({ db, appendMessage }));
  routes.route('/', importRoutes({ db, addPresent: deps.addPresent, inTurn: deps.inTurn }));
  return routes;
}
