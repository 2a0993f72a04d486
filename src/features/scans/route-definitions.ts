import { createRoute } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import { NewScan, Scan, ScanPage, ScanQuery } from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['Scans'];

export const scanRoute = createRoute({
  ...needs('scans:write'),
  method: 'post',
  path: '/scans',
  tags,
  summary: 'A unit was scanned',
  description:
    'Takes scans made hours ago, in any order. What is refused changes nothing and may be sent again under its ' +
    "`client_ref`; `details.problem` says why, `message` in the tenant's language. What waits for another scan (its " +
    'hand-over is not here yet) is `held` and goes on by itself. Poll the answer for the steps.',
  request: { body: takes(NewScan) },
  responses: {
    200: answers(Scan, 'Taken'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

export const listScansRoute = createRoute({
  ...needs('scans:read'),
  method: 'get',
  path: '/scans',
  tags,
  summary: 'Scans, the newest first; a technician sees its own',
  request: { query: ScanQuery },
  responses: { 200: answers(ScanPage, 'A page of scans'), ...refuses(...usual) },
});

export const showScanRoute = createRoute({
  ...needs('scans:read'),
  method: 'get',
  path: '/scans/{id}',
  tags,
  summary: 'A scan with its steps',
  request: { params: IdParam },
  responses: { 200: answers(Scan, 'The scan'), ...refuses(...usual, 'NOT_FOUND') },
});

export const retryScanRoute = createRoute({
  ...needs('assets:write'),
  method: 'post',
  path: '/scans/{id}/retry',
  tags,
  summary: 'Let a held scan go on',
  description: 'It is judged by what is true now, whatever was scanned since.',
  request: { params: IdParam },
  responses: { 200: answers(Scan, 'As it is now'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const cancelScanRoute = createRoute({
  ...needs('assets:write'),
  method: 'post',
  path: '/scans/{id}/cancel',
  tags,
  summary: 'Give a held scan up',
  description: 'What it has moved already stays; what it has not moved is not moved any more.',
  request: { params: IdParam },
  responses: { 200: answers(Scan, 'Given up'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});
