import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  Consumable,
  ConsumableChange,
  ConsumablePage,
  ConsumableQuery,
  Move,
  MovePage,
  MoveQuery,
  NewConsumable,
  NewMove,
  Use,
} from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['field-work'];
const path = '/consumables';
const one = `${path}/{id}`;

export const create = createRoute({
  ...needs('consumables:write'),
  method: 'post',
  path,
  tags,
  summary: 'Something that is used up, and how much of it there is at a place',
  request: { body: takes(NewConsumable) },
  responses: { 201: answers(Consumable, 'Added'), ...refuses(...usual, 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE') },
});

export const list = createRoute({
  ...needs('consumables:read'),
  method: 'get',
  path,
  tags,
  summary: 'What there is to be used up; a technician sees its own bag',
  request: { query: ConsumableQuery },
  responses: { 200: answers(ConsumablePage, 'A page of consumables'), ...refuses(...usual) },
});

export const get = createRoute({
  ...needs('consumables:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'One of them',
  request: { params: IdParam },
  responses: { 200: answers(Consumable, 'The consumable'), ...refuses(...usual, 'NOT_FOUND') },
});

export const change = createRoute({
  ...needs('consumables:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'Change its name, kind, unit, place or minimum',
  request: { params: IdParam, body: takes(ConsumableChange) },
  responses: {
    200: answers(Consumable, 'Changed'),
    ...refuses(...usual, 'NOT_FOUND', 'DUPLICATE_ENTRY', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

export const remove = createRoute({
  ...needs('consumables:write'),
  method: 'delete',
  path: one,
  tags,
  summary: 'Take it off the list; its history stays',
  request: { params: IdParam },
  responses: { 204: { description: 'Removed' }, ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const move = createRoute({
  ...needs('consumables:write'),
  method: 'post',
  path: `${one}/moves`,
  tags,
  summary: 'Some of it comes, goes, is used, or moves to another place or bag',
  description:
    'There is never less than nothing. Whoever looks after the warehouse is told when it falls below its minimum.',
  request: { params: IdParam, body: takes(NewMove) },
  responses: { 201: answers(Move, 'Moved'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE') },
});

export const moves = createRoute({
  ...needs('consumables:read'),
  method: 'get',
  path: `${one}/moves`,
  tags,
  summary: 'What came, went and was used, the newest first',
  request: { params: IdParam, query: MoveQuery },
  responses: { 200: answers(MovePage, 'A page of moves'), ...refuses(...usual, 'NOT_FOUND') },
});

export const use = createRoute({
  ...needs('work_orders:write'),
  method: 'post',
  path: '/work-orders/{id}/consumables',
  tags,
  summary: 'Note what was used up for a work order',
  description: 'A technician takes it from its own bag, for its own order.',
  request: { params: IdParam, body: takes(Use) },
  responses: { 201: answers(Move, 'Noted'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE') },
});
