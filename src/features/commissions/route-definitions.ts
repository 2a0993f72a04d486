import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  CommissionPage,
  CommissionQuery,
  MadePayouts,
  NewPayouts,
  OwnQuery,
  Paying,
  Payout,
  PayoutPage,
  PayoutQuery,
  Summary,
} from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['commissions'];
const payouts = '/commission-payouts';

export const own = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/commissions',
  tags,
  summary: 'What the reseller that asks has earned, the latest first',
  request: { query: OwnQuery },
  responses: { 200: answers(CommissionPage, 'A page of commissions'), ...refuses(...usual) },
});

export const ownSums = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/commissions/summary',
  tags,
  summary: 'What it is owed and was paid, and its last twelve months',
  responses: { 200: answers(Summary, 'The sums, as of now'), ...refuses(...usual) },
});

export const list = createRoute({
  ...needs('commissions:read'),
  method: 'get',
  path: '/commissions',
  tags,
  summary: 'What resellers have earned, the latest first',
  request: { query: CommissionQuery },
  responses: { 200: answers(CommissionPage, 'A page of commissions'), ...refuses(...usual) },
});

export const sums = createRoute({
  ...needs('commissions:read'),
  method: 'get',
  path: '/resellers/{id}/commissions',
  tags,
  summary: 'What a reseller is owed and was paid, and its last twelve months',
  request: { params: IdParam },
  responses: { 200: answers(Summary, 'The sums, as of now'), ...refuses(...usual, 'NOT_FOUND') },
});

export const make = createRoute({
  ...needs('commissions:write'),
  method: 'post',
  path: payouts,
  tags,
  summary: 'Gather what is owed up to a day into one draft for each reseller',
  description:
    'What was taken back of it until now lowers it, also where it was paid before; who comes to nothing, or has a payout under way, gets none. ' +
    'Again it makes nothing twice.',
  request: { body: takes(NewPayouts) },
  responses: { 201: answers(MadePayouts, 'The drafts that were made now'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

export const listPayouts = createRoute({
  ...needs('commissions:read'),
  method: 'get',
  path: payouts,
  tags,
  summary: 'Payouts of commission, the latest first',
  request: { query: PayoutQuery },
  responses: { 200: answers(PayoutPage, 'A page of payouts'), ...refuses(...usual) },
});

export const getPayout = createRoute({
  ...needs('commissions:read'),
  method: 'get',
  path: `${payouts}/{id}`,
  tags,
  summary: 'One payout; its rows are `commissions?payout_id=`',
  request: { params: IdParam },
  responses: { 200: answers(Payout, 'The payout'), ...refuses(...usual, 'NOT_FOUND') },
});

export const approve = createRoute({
  ...needs('commissions:write'),
  method: 'post',
  path: `${payouts}/{id}/approve`,
  tags,
  summary: 'Approve a draft; above the limit that is for another person than who made it',
  request: { params: IdParam },
  responses: { 200: answers(Payout, 'Approved'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const cancel = createRoute({
  ...needs('commissions:write'),
  method: 'post',
  path: `${payouts}/{id}/cancel`,
  tags,
  summary: 'Cancel a payout that was not paid: what it held is owed again',
  request: { params: IdParam },
  responses: { 200: answers(Payout, 'Cancelled'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const pay = createRoute({
  ...needs('commissions:write'),
  method: 'post',
  path: `${payouts}/{id}/pay`,
  tags,
  summary: 'Say that an approved payout was paid, or pay it into the deposit',
  description:
    'Where ERPNext is connected it becomes one Journal Entry there, or, of a reseller with an `erp_employee`, one Additional ' +
    'Salary. Asked again in the same way it answers what was done.',
  request: { params: IdParam, body: takes(Paying) },
  responses: { 200: answers(Payout, 'Paid'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE') },
});
