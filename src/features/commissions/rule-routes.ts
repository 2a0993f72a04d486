import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import { NewRule, Rule, RuleChange, RulePage, RuleQuery } from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['commissions'];
const path = '/commission-rules';
const one = `${path}/{id}`;

export const create = createRoute({
  ...needs('commissions:write'),
  method: 'post',
  path,
  tags,
  summary: 'A rule by which resellers earn',
  description:
    'Of several that bear on a sale the most particular counts: of one reseller before all, then of one plan before all, then ' +
    'of one occasion before every. Tax is left out; a fixed amount is earned as the bill is paid. Terms never change: end the ' +
    'rule, and add another.',
  request: { body: takes(NewRule) },
  responses: { 201: answers(Rule, 'Added'), ...refuses(...usual, 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE') },
});

export const list = createRoute({
  ...needs('commissions:read'),
  method: 'get',
  path,
  tags,
  summary: 'Rules by which resellers earn, the latest first',
  request: { query: RuleQuery },
  responses: { 200: answers(RulePage, 'A page of rules'), ...refuses(...usual) },
});

export const get = createRoute({
  ...needs('commissions:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'One of them',
  request: { params: IdParam },
  responses: { 200: answers(Rule, 'The rule'), ...refuses(...usual, 'NOT_FOUND') },
});

export const change = createRoute({
  ...needs('commissions:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'End it, today at the earliest, or let it go on',
  request: { params: IdParam, body: takes(RuleChange) },
  responses: { 200: answers(Rule, 'Changed'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE') },
});

export const remove = createRoute({
  ...needs('commissions:write'),
  method: 'delete',
  path: one,
  tags,
  summary: 'Delete a rule that nothing was earned by',
  request: { params: IdParam },
  responses: { 204: { description: 'Deleted' }, ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});
