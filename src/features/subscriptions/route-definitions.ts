import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, pageOf, refuses, takes } from '#platform/routing.ts';
import {
  ByHand,
  Explanation,
  Line,
  LineDetail,
  LineQuery,
  PasswordAnswer,
  PasswordAsk,
  PlanMove,
  SessionPage,
  SessionQuery,
} from './schema.ts';

const tags = ['Subscriptions'];
const one = '/subscriptions/{id}';
const refusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND');
const moveRefusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT');

export const list = createRoute({
  ...needs('subscriptions:read'),
  method: 'get',
  path: '/subscriptions',
  tags,
  summary: 'List subscriptions',
  request: { query: LineQuery },
  responses: {
    200: answers(pageOf(Line), 'A page of subscriptions'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN'),
  },
});

export const get = createRoute({
  ...needs('subscriptions:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'One subscription, its links, and who is online',
  request: { params: IdParam },
  responses: { 200: answers(LineDetail, 'The subscription'), ...refusals },
});

export const explain = createRoute({
  ...needs('subscriptions:read'),
  method: 'get',
  path: `${one}/explain`,
  tags,
  summary: 'Why it is online, isolated or off right now, from the event to the packet',
  request: { params: IdParam },
  responses: { 200: answers(Explanation, 'The explanation'), ...refusals },
});

export const sessions = createRoute({
  ...needs('subscriptions:read'),
  method: 'get',
  path: `${one}/sessions`,
  tags,
  summary: 'Its sessions, open and over, the newest first',
  description:
    'From RADIUS accounting, for as long as that is kept. With from and to, those that were open at some moment of that time.',
  request: { params: IdParam, query: SessionQuery },
  responses: {
    200: answers(SessionPage, 'A page of sessions'),
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'UNAVAILABLE'),
  },
});

const byHand = <Path extends string>(path: Path, summary: string) =>
  createRoute({
    ...needs('subscriptions:write'),
    method: 'post',
    path,
    tags,
    summary,
    request: { params: IdParam, body: takes(ByHand) },
    responses: { 200: answers(Line, 'The subscription as it stands now'), ...moveRefusals },
  });

export const moveRoutes = {
  activate: byHand(`${one}/activate`, 'Give service to a subscription that waits'),
  suspend: byHand(`${one}/suspend`, 'Hold a subscription; no payment lifts it'),
  resume: byHand(`${one}/resume`, 'Lift a hold, and nothing else'),
  terminate: byHand(`${one}/terminate`, 'End a subscription for good'),
};

export const changePlan = createRoute({
  ...needs('subscriptions:write'),
  method: 'post',
  path: `${one}/change-plan`,
  tags,
  summary: 'Move a subscription to another plan, at its price of today',
  request: { params: IdParam, body: takes(PlanMove) },
  responses: { 200: answers(Line, 'The subscription as it stands now'), ...moveRefusals },
});

export const password = createRoute({
  ...needs('subscriptions:reveal'),
  method: 'post',
  path: `${one}/password`,
  tags,
  summary: 'Show or replace the PPPoE password',
  description: 'The audit log and the timeline say who did. Replacing it needs subscriptions:write as well.',
  request: { params: IdParam, body: takes(PasswordAsk) },
  responses: { 200: answers(PasswordAnswer, 'Username and password'), ...refusals },
});
