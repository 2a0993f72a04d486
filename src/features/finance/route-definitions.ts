import { createRoute, z } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  Aging,
  AgingQuery,
  Balance,
  BalanceQuery,
  CashFlow,
  FinanceRecord,
  FinanceRecordPage,
  FinanceRecordQuery,
  NewFinanceRecord,
  ProfitAndLoss,
  Reversal,
  SpanQuery,
} from './schema.ts';

const usual = [
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'CONFLICT',
  'RATE_LIMIT',
  'INTERNAL_ERROR',
  'UNAVAILABLE',
] as const;
const tags = ['Finance'];

/** JSON, or the whole of it as a table. */
const answersBoth = <S extends z.ZodType>(schema: S, description: string) => {
  const { content } = answers(schema, description);
  return { description, content: { ...content, 'text/csv': { schema: z.string() } } };
};
const elsewhere = ' 409 where ERPNext is the ledger: it has this itself.';

export const addRoute = createRoute({
  ...needs('finance:write'),
  method: 'post',
  path: '/finance/records',
  tags,
  summary: 'Write down an expense, or other income',
  description: `It goes into the books at once and is never changed: reverse what was wrong, and write it anew.${elsewhere}`,
  request: { body: takes(NewFinanceRecord) },
  responses: { 201: answers(FinanceRecord, 'Posted'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

export const listRoute = createRoute({
  ...needs('finance:read'),
  method: 'get',
  path: '/finance/records',
  tags,
  summary: 'Expenses and other income, the newest first',
  description: `With \`format=csv\` all that match, without pages.${elsewhere}`,
  request: { query: FinanceRecordQuery },
  responses: { 200: answersBoth(FinanceRecordPage, 'A page of records'), ...refuses(...usual) },
});

export const showRoute = createRoute({
  ...needs('finance:read'),
  method: 'get',
  path: '/finance/records/{id}',
  tags,
  summary: 'One expense or other income',
  request: { params: IdParam },
  responses: { 200: answers(FinanceRecord, 'The record'), ...refuses(...usual, 'NOT_FOUND') },
});

export const reverseRoute = createRoute({
  ...needs('finance:write'),
  method: 'post',
  path: '/finance/records/{id}/reverse',
  tags,
  summary: 'Take an expense or other income back',
  description: 'On the day on which it happened. It stays in the list, with the reason.',
  request: { params: IdParam, body: takes(Reversal) },
  responses: { 200: answers(FinanceRecord, 'Reversed'), ...refuses(...usual, 'NOT_FOUND', 'PAYLOAD_TOO_LARGE') },
});

export const profitRoute = createRoute({
  ...needs('finance:read'),
  method: 'get',
  path: '/finance/profit-and-loss',
  tags,
  summary: 'Profit and loss of a span of days',
  description: `By account and category, from the books alone; bills count when they are issued.${elsewhere}`,
  request: { query: SpanQuery },
  responses: { 200: answersBoth(ProfitAndLoss, 'Profit and loss'), ...refuses(...usual) },
});

export const cashRoute = createRoute({
  ...needs('finance:read'),
  method: 'get',
  path: '/finance/cash-flow',
  tags,
  summary: 'Cash flow of a span of days',
  description: `What each account that holds money had, got, gave and has.${elsewhere}`,
  request: { query: SpanQuery },
  responses: { 200: answersBoth(CashFlow, 'Cash flow'), ...refuses(...usual) },
});

export const agingRoute = createRoute({
  ...needs('finance:read'),
  method: 'get',
  path: '/finance/aging',
  tags,
  summary: 'What customers owe, by how long it has been due',
  description:
    'Money settles the oldest bills first here. The totals are of all customers, and sum to their accounts; where ERPNext is ' +
    'the ledger, as the hub last saw them there.',
  request: { query: AgingQuery },
  responses: {
    200: answersBoth(Aging, 'A page of customers, whoever owes most first'),
    ...refuses(...usual.filter((code) => code !== 'CONFLICT')),
  },
});

export const balanceRoute = createRoute({
  ...needs('finance:read'),
  method: 'get',
  path: '/finance/balance',
  tags,
  summary: 'Whether the books balance, account by account',
  request: { query: BalanceQuery },
  responses: { 200: answersBoth(Balance, 'Debits and credits'), ...refuses(...usual) },
});
