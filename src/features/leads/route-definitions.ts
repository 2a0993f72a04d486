import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import { Conversion, Converted, Lead, LeadChange, LeadPage, LeadQuery, NewLead } from './schema.ts';

const tags = ['Leads'];
const path = '/leads';
const one = '/leads/{id}';
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'] as const;

export const create = createRoute({
  ...needs('leads:write'),
  method: 'post',
  path,
  tags,
  summary: 'Note somebody who wants service',
  request: { body: takes(NewLead) },
  responses: { 201: answers(Lead, 'The lead'), ...refuses(...usual) },
});

export const list = createRoute({
  ...needs('leads:read'),
  method: 'get',
  path,
  tags,
  summary: 'List leads; search looks into name, phone, address and e-mail',
  request: { query: LeadQuery },
  responses: { 200: answers(LeadPage, 'A page of leads'), ...refuses(...usual) },
});

export const get = createRoute({
  ...needs('leads:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'One lead',
  request: { params: IdParam },
  responses: { 200: answers(Lead, 'The lead'), ...refuses(...usual, 'NOT_FOUND') },
});

export const change = createRoute({
  ...needs('leads:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'Change a lead, give it up, or take it up again',
  description: 'A lead whose position changes is new again: its coverage must be checked anew.',
  request: { params: IdParam, body: takes(LeadChange) },
  responses: { 200: answers(Lead, 'The lead as it is now'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const check = createRoute({
  ...needs('leads:write'),
  method: 'post',
  path: `${one}/check`,
  tags,
  summary: 'Look whether its position can be served',
  request: { params: IdParam },
  responses: {
    200: answers(Lead, 'The lead, covered or not_covered'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT'),
  },
});

export const convert = createRoute({
  ...needs('leads:write'),
  method: 'post',
  path: `${one}/convert`,
  tags,
  summary: 'Register a covered lead as a customer, once; in ERPNext too where that is the ledger',
  request: { params: IdParam, body: takes(Conversion) },
  responses: {
    201: answers(Converted, 'The customer and its subscription, with the PPPoE password'),
    ...refuses(...usual, 'NOT_FOUND', 'DUPLICATE_ENTRY', 'CONFLICT'),
  },
});
