import { createRoute, z } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  AddedAssets,
  Asset,
  AssetChange,
  AssetMovePage,
  AssetPage,
  AssetQuery,
  Imported,
  ImportQuery,
  Marking,
  MoveQuery,
  NewAssets,
} from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['assets'];
const csv = z.string().openapi({ example: 'serial,mac\nZTEGC1234567,00:25:9E:AA:BB:01' });

export const addRoute = createRoute({
  ...needs('assets:write'),
  method: 'post',
  path: '/assets',
  tags,
  summary: 'Take new units in',
  description:
    'Up to 100 units of one part, all or none: into InvenTree where it is connected, else into the hub’s own list. The ' +
    'same list again makes nothing twice and is answered with what it made.',
  request: { body: takes(NewAssets) },
  responses: {
    201: answers(AddedAssets, 'The new units, in the order of the list'),
    ...refuses(...usual, 'CONFLICT', 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE', 'UPSTREAM_FAILED'),
  },
});

export const importRoute = createRoute({
  ...needs('assets:write'),
  method: 'post',
  path: '/assets/import',
  tags,
  summary: 'Take new units in from a list (CSV)',
  description:
    'The first line names the columns: serial, mac, gpon_sn, barcode, part; with commas, semicolons or tabs. A bad line ' +
    'is left out and named, all others are taken. Ask with `preview=true` first: nothing is written then.',
  request: { query: ImportQuery, body: { required: true, content: { 'text/csv': { schema: csv } } } },
  responses: {
    200: answers(Imported, 'What was taken, and what was not'),
    ...refuses(...usual, 'PAYLOAD_TOO_LARGE', 'UPSTREAM_FAILED'),
  },
});

export const listRoute = createRoute({
  ...needs('assets:read'),
  method: 'get',
  path: '/assets',
  tags,
  summary: 'Modems and other units with a serial',
  description: 'A technician sees its own bag, and what is at customers that it has an open work order for.',
  request: { query: AssetQuery },
  responses: { 200: answers(AssetPage, 'A page of units'), ...refuses(...usual) },
});

export const getRoute = createRoute({
  ...needs('assets:read'),
  method: 'get',
  path: '/assets/{id}',
  tags,
  summary: 'One unit',
  request: { params: IdParam },
  responses: { 200: answers(Asset, 'The unit'), ...refuses(...usual, 'NOT_FOUND') },
});

export const changeRoute = createRoute({
  ...needs('assets:write'),
  method: 'patch',
  path: '/assets/{id}',
  tags,
  summary: 'Correct what the hub knows of a unit: MAC, GPON serial, label, note',
  description: 'Where a unit is, is changed by scans alone.',
  request: { params: IdParam, body: takes(AssetChange) },
  responses: {
    200: answers(Asset, 'The unit as it is now'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'DUPLICATE_ENTRY', 'PAYLOAD_TOO_LARGE'),
  },
});

export const movesRoute = createRoute({
  ...needs('assets:read'),
  method: 'get',
  path: '/assets/{id}/moves',
  tags,
  summary: 'The history of a unit, whoever moved it, the latest first',
  request: { params: IdParam, query: MoveQuery },
  responses: { 200: answers(AssetMovePage, 'A page of moves'), ...refuses(...usual, 'NOT_FOUND') },
});

export const markRoute = createRoute({
  ...needs('assets:write'),
  method: 'post',
  path: '/assets/{id}/mark',
  tags,
  summary: 'Note that a unit is damaged or lost, or in order after all',
  description: 'InvenTree, or the own list, is told in a moment; the unit here follows it.',
  request: { params: IdParam, body: takes(Marking) },
  responses: {
    202: answers(Asset, 'Noted; the unit as it is until the tracker has answered'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});
