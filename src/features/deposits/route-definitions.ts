import { createRoute, z } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import { DepositPayment, DepositPaymentForm } from './payment-schema.ts';
import {
  Deposit,
  DepositChange,
  DepositMovePage,
  HandTopUp,
  MoveQuery,
  OwnTopUp,
  OwnTopUpQuery,
  Rejection,
  StatementQuery,
  TopUp,
  TopUpPage,
  TopUpQuery,
} from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['Deposits'];
const keyed = 'Demands an `Idempotency-Key`: the same key again is told what it made. ';
const csv = {
  description: 'CSV, the oldest move first',
  content: { 'text/csv': { schema: z.string() } },
};

export const showOwnRoute = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/deposit',
  tags,
  summary: 'What my deposit holds',
  responses: { 200: answers(Deposit, 'The deposit'), ...refuses(...usual, 'NOT_FOUND') },
});

export const ownMovesRoute = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/deposit/moves',
  tags,
  summary: 'What moved my deposit, the newest first, with the running balance',
  request: { query: MoveQuery },
  responses: { 200: answers(DepositMovePage, 'A page of moves'), ...refuses(...usual, 'NOT_FOUND') },
});

export const ownStatementRoute = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/deposit/statement',
  tags,
  summary: 'The same as CSV',
  request: { query: StatementQuery },
  responses: { 200: csv, ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const askRoute = createRoute({
  ...needs('own_sales:write'),
  method: 'post',
  path: '/reseller/deposit/top-ups',
  tags,
  summary: 'Ask for my deposit to be topped up',
  description:
    `${keyed}A transfer or cash waits until whoever looks after money says yes. By \`qris\`, \`virtual_account\` or \`e_wallet\` a ` +
    'connected payment gateway collects it: `charge` has what the payer needs, and it comes in by itself once it is paid.',
  request: { body: takes(OwnTopUp) },
  responses: {
    201: answers(TopUp, 'Asked for'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE', 'UPSTREAM_FAILED'),
  },
});

export const ownTopUpsRoute = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/deposit/top-ups',
  tags,
  summary: 'My requests, the newest first',
  request: { query: OwnTopUpQuery },
  responses: { 200: answers(TopUpPage, 'A page of requests'), ...refuses(...usual) },
});

export const payRoute = createRoute({
  ...needs('own_sales:write'),
  method: 'post',
  path: '/reseller/payments',
  tags,
  summary: 'Pay for a customer out of my deposit',
  description:
    `${keyed}All that is open, or \`amount\` of it, or one bill. The customer’s lines come back in the same transaction. ` +
    '`details.reason` of a 409: `deposit_too_low`, `daily_limit`, `nothing_open`, `above_open`.',
  request: { body: takes(DepositPaymentForm) },
  responses: {
    201: answers(DepositPayment, 'Paid'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

const ofOne = '/resellers/{id}/deposit';

export const showRoute = createRoute({
  ...needs('deposits:read'),
  method: 'get',
  path: ofOne,
  tags,
  summary: 'What a reseller’s deposit holds',
  request: { params: IdParam },
  responses: { 200: answers(Deposit, 'The deposit'), ...refuses(...usual, 'NOT_FOUND') },
});

export const changeRoute = createRoute({
  ...needs('deposits:write'),
  method: 'patch',
  path: ofOne,
  tags,
  summary: 'Set the limits of a deposit',
  request: { params: IdParam, body: takes(DepositChange) },
  responses: { 200: answers(Deposit, 'The deposit'), ...refuses(...usual, 'NOT_FOUND', 'PAYLOAD_TOO_LARGE') },
});

export const movesRoute = createRoute({
  ...needs('deposits:read'),
  method: 'get',
  path: `${ofOne}/moves`,
  tags,
  summary: 'What moved a deposit, the newest first, with the running balance',
  request: { params: IdParam, query: MoveQuery },
  responses: { 200: answers(DepositMovePage, 'A page of moves'), ...refuses(...usual, 'NOT_FOUND') },
});

export const statementRoute = createRoute({
  ...needs('deposits:read'),
  method: 'get',
  path: `${ofOne}/statement`,
  tags,
  summary: 'The same as CSV',
  request: { params: IdParam, query: StatementQuery },
  responses: { 200: csv, ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

const byHand = {
  ...needs('deposits:write'),
  method: 'post' as const,
  tags,
  request: { params: IdParam, body: takes(HandTopUp) },
  responses: {
    201: answers(TopUp, 'Entered: `done`, or waiting for another person'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
};

export const enterRoute = createRoute({
  ...byHand,
  path: `${ofOne}/top-ups`,
  summary: 'Enter money that a reseller has paid in',
  description: `${keyed}From \`settings.deposit_two_people_from\` on another person says yes as well.`,
});

export const payOutRoute = createRoute({
  ...byHand,
  path: `${ofOne}/refunds`,
  summary: 'Give a reseller its deposit back',
  description: `${keyed}From \`settings.deposit_two_people_from\` on another person says yes as well; never more than it holds.`,
});

export const topUpsRoute = createRoute({
  ...needs('deposits:read'),
  method: 'get',
  path: '/deposit-top-ups',
  tags,
  summary: 'Requests to top deposits up or to give them back, the newest first',
  request: { query: TopUpQuery },
  responses: { 200: answers(TopUpPage, 'A page of requests'), ...refuses(...usual) },
});

export const approveRoute = createRoute({
  ...needs('deposits:write'),
  method: 'post',
  path: '/deposit-top-ups/{id}/approve',
  tags,
  summary: 'Say yes to a request',
  description:
    'From `settings.deposit_two_people_from` on two different people have to; `approved_once` waits for the second. ' +
    '`details.reason` of a 409: `over`, `expired`, `same_person`, `deposit_too_low`.',
  request: { params: IdParam },
  responses: { 200: answers(TopUp, 'The request'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const rejectRoute = createRoute({
  ...needs('deposits:write'),
  method: 'post',
  path: '/deposit-top-ups/{id}/reject',
  tags,
  summary: 'Say no to a request',
  request: { params: IdParam, body: takes(Rejection) },
  responses: {
    200: answers(TopUp, 'Rejected'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});
