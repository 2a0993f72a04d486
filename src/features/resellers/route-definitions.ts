import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  NewReseller,
  Reseller,
  ResellerChange,
  ResellerPage,
  ResellerPlans,
  ResellerPlansChange,
  ResellerQuery,
  ResellerStatistics,
} from './schema.ts';

const tags = ['Resellers'];
const path = '/resellers';
const one = '/resellers/{id}';
const plans = '/resellers/{id}/plans';
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;

export const create = createRoute({
  ...needs('resellers:write'),
  method: 'post',
  path,
  tags,
  summary: 'Add a reseller',
  description: 'Who logs in for it is added by `auth/register` with role `reseller` and this `reseller_id`.',
  request: { body: takes(NewReseller) },
  responses: { 201: answers(Reseller, 'The reseller'), ...refuses(...usual, 'DUPLICATE_ENTRY') },
});

export const list = createRoute({
  ...needs('resellers:read'),
  method: 'get',
  path,
  tags,
  summary: 'List resellers, by default those that are active; search looks into name and phone',
  request: { query: ResellerQuery },
  responses: { 200: answers(ResellerPage, 'A page of resellers'), ...refuses(...usual) },
});

export const get = createRoute({
  ...needs('resellers:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'One reseller',
  request: { params: IdParam },
  responses: { 200: answers(Reseller, 'The reseller'), ...refuses(...usual, 'NOT_FOUND') },
});

export const change = createRoute({
  ...needs('resellers:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'Change a reseller, or turn it off',
  description:
    'One that is not active is let in nowhere within seconds: not its users, not its keys. Its customers keep their service.',
  request: { params: IdParam, body: takes(ResellerChange) },
  responses: {
    200: answers(Reseller, 'The reseller as it is now'),
    ...refuses(...usual, 'NOT_FOUND', 'DUPLICATE_ENTRY', 'CONFLICT'),
  },
});

export const statistics = createRoute({
  ...needs('resellers:read'),
  method: 'get',
  path: `${one}/statistics`,
  tags,
  summary: 'How many customers a reseller has in each status, and who is let in for it',
  request: { params: IdParam },
  responses: { 200: answers(ResellerStatistics, 'The numbers'), ...refuses(...usual, 'NOT_FOUND') },
});

export const getPlans = createRoute({
  ...needs('resellers:read'),
  method: 'get',
  path: plans,
  tags,
  summary: 'Which plans a reseller may sell, and at what price',
  request: { params: IdParam },
  responses: { 200: answers(ResellerPlans, 'Its plans'), ...refuses(...usual, 'NOT_FOUND') },
});

export const putPlans = createRoute({
  ...needs('resellers:write'),
  method: 'put',
  path: plans,
  tags,
  summary: 'Say which plans a reseller may sell, and at what price',
  description:
    'The list replaces the one before. An empty list: it sells every plan that is on sale, at the plan’s own price.',
  request: { params: IdParam, body: takes(ResellerPlansChange) },
  responses: {
    200: answers(ResellerPlans, 'Its plans as they are now'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT'),
  },
});
