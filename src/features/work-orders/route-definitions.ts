import { createRoute, z } from '@hono/zod-openapi';
import { photoTypes } from '#domain/photo-format.ts';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  NewWorkOrder,
  OnePhoto,
  Photo,
  PhotoQuery,
  WorkOrderChange,
  WorkOrderDetail,
  WorkOrderPage,
  WorkOrderQuery,
} from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['field-work'];
const path = '/work-orders';
const one = `${path}/{id}`;
const picture = z.string().openapi({ type: 'string', format: 'binary' });
const pictures = Object.fromEntries(photoTypes.map((type) => [type, { schema: picture }]));

export const create = createRoute({
  ...needs('work_orders:assign'),
  method: 'post',
  path,
  tags,
  summary: 'Issue a work order (SPK)',
  description: 'Numbers are without gaps in a month. With a technician it is assigned at once.',
  request: { body: takes(NewWorkOrder) },
  responses: {
    201: answers(WorkOrderDetail, 'Issued'),
    ...refuses(...usual, 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE'),
  },
});

export const list = createRoute({
  ...needs('work_orders:read'),
  method: 'get',
  path,
  tags,
  summary: 'Work orders; a technician sees its own',
  description: 'Search looks into number, customer code and name, and into phone and address where these are shown.',
  request: { query: WorkOrderQuery },
  responses: { 200: answers(WorkOrderPage, 'A page of work orders'), ...refuses(...usual) },
});

export const get = createRoute({
  ...needs('work_orders:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'One work order, with each step and photo',
  request: { params: IdParam },
  responses: { 200: answers(WorkOrderDetail, 'The work order'), ...refuses(...usual, 'NOT_FOUND') },
});

export const change = createRoute({
  ...needs('work_orders:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'Move a work order, assign it, or say more of it',
  description:
    'issued → assigned → picked_up → on_site → installed → verified; failed (with a reason) and installed may go back to ' +
    'assigned; whatever is not done may be cancelled (with a reason). A technician moves its own ones; assigning, ' +
    'accepting and cancelling need `work_orders:assign`. The state that it has already is answered with 200: a phone may ' +
    'say it twice.',
  request: { params: IdParam, body: takes(WorkOrderChange) },
  responses: {
    200: answers(WorkOrderDetail, 'As it is now'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

export const addPhoto = createRoute({
  ...needs('work_orders:write'),
  method: 'post',
  path: `${one}/photos`,
  tags,
  summary: 'A photo as proof',
  description:
    'JPEG, PNG or WebP, at most 5 MB, known by its first bytes; kept as it was taken. The same bytes again are the same ' +
    'photo. An order has ten at most.',
  request: { params: IdParam, query: PhotoQuery, body: { required: true, content: pictures } },
  responses: {
    201: answers(Photo, 'Kept'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

export const getPhoto = createRoute({
  ...needs('work_orders:read'),
  method: 'get',
  path: `${one}/photos/{photo_id}`,
  tags,
  summary: 'A photo as it was taken',
  request: { params: OnePhoto },
  responses: { 200: { description: 'The picture', content: pictures }, ...refuses(...usual, 'NOT_FOUND') },
});
