import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  Customer,
  CustomerChange,
  CustomerDetail,
  CustomerPage,
  CustomerQuery,
  NewCustomer,
  NewLine,
  NewSubCustomer,
  RegisteredCustomer,
  RegisteredLine,
} from './schema.ts';
import { CustomerHistory, CustomerStatistics } from './told-schema.ts';

const tags = ['Customers'];
const path = '/customers';
const onePath = '/customers/{id}';
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;

export const create = createRoute({
  ...needs('customers:write'),
  method: 'post',
  path,
  tags,
  summary: 'Register a customer with a first subscription',
  description: 'What a reseller registers is its own customer. The PPPoE password stands in this answer only.',
  request: { body: takes(NewCustomer) },
  responses: {
    201: answers(RegisteredCustomer, 'The customer, its subscription, and the PPPoE password'),
    ...refuses(...usual, 'DUPLICATE_ENTRY', 'CONFLICT'),
  },
});

export const createOwn = createRoute({
  ...needs('own_sales:write'),
  method: 'post',
  path: '/reseller/customers',
  tags: ['Resellers'],
  summary: 'Register a customer of this reseller with a first subscription',
  description:
    'Plans and prices are those of GET reseller/plans. Where the provider has drawn its coverage, a position outside of it is refused (CONFLICT, details.reason outside_coverage): note it as a lead. The PPPoE password stands in this answer only.',
  request: { body: takes(NewSubCustomer) },
  responses: {
    201: answers(RegisteredCustomer, 'The customer, its subscription, and the PPPoE password'),
    ...refuses(...usual, 'DUPLICATE_ENTRY', 'CONFLICT'),
  },
});

export const list = createRoute({
  ...needs('customers:read'),
  method: 'get',
  path,
  tags,
  summary: 'List customers; search looks into name, code, phone and e-mail',
  description:
    'A search of one or two characters finds by the beginning of a name’s words and of the code. Without the permission customers:contact, phone and e-mail are masked and not searched.',
  request: { query: CustomerQuery },
  responses: { 200: answers(CustomerPage, 'A page of customers'), ...refuses(...usual) },
});

export const statistics = createRoute({
  ...needs('customers:read'),
  method: 'get',
  path: '/customers/statistics',
  tags,
  summary: 'How many customers there are in each status',
  responses: { 200: answers(CustomerStatistics, 'Counts'), ...refuses('UNAUTHORIZED', 'FORBIDDEN') },
});

export const get = createRoute({
  ...needs('customers:read'),
  method: 'get',
  path: onePath,
  tags,
  summary: 'One customer with all of its subscriptions',
  request: { params: IdParam },
  responses: { 200: answers(CustomerDetail, 'The customer'), ...refuses(...usual, 'NOT_FOUND') },
});

export const history = createRoute({
  ...needs('customers:read'),
  method: 'get',
  path: `${onePath}/history`,
  tags,
  summary: 'How its subscriptions came to be as they are, and where it was',
  request: { params: IdParam },
  responses: { 200: answers(CustomerHistory, 'The history, oldest first'), ...refuses(...usual, 'NOT_FOUND') },
});

export const change = createRoute({
  ...needs('customers:write'),
  method: 'patch',
  path: onePath,
  tags,
  summary: 'Change a customer, except for what ERPNext owns',
  request: { params: IdParam, body: takes(CustomerChange) },
  responses: {
    200: answers(Customer, 'The customer as it is now'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT'),
  },
});

export const remove = createRoute({
  ...needs('customers:delete'),
  method: 'delete',
  path: onePath,
  tags,
  summary: 'Take a customer off the lists whose subscriptions have all ended',
  request: { params: IdParam },
  responses: { 204: { description: 'It is off the lists' }, ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const addLine = createRoute({
  ...needs('customers:write'),
  method: 'post',
  path: `${onePath}/subscriptions`,
  tags,
  summary: 'Give a customer one more subscription',
  request: { params: IdParam, body: takes(NewLine) },
  responses: {
    201: answers(RegisteredLine, 'The subscription, with its PPPoE password'),
    ...refuses(...usual, 'NOT_FOUND', 'DUPLICATE_ENTRY', 'CONFLICT'),
  },
});
