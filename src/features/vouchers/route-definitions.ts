import { createRoute, z } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  NewVoucherBatch,
  RedeemAsk,
  Redeemed,
  SheetQuery,
  VoidAsk,
  VoucherBatch,
  VoucherBatchChange,
  VoucherBatchPage,
  VoucherBatchQuery,
  VoucherPage,
  VoucherQuery,
} from './schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['Vouchers'];
const one = '/voucher-batches/{id}';

export const createBatchRoute = createRoute({
  ...needs('vouchers:write'),
  method: 'post',
  path: '/vouchers',
  tags,
  summary: 'Make a batch of vouchers',
  description: 'The codes are shown on its sheet and in its CSV alone.',
  request: { body: takes(NewVoucherBatch) },
  responses: { 201: answers(VoucherBatch, 'Made'), ...refuses(...usual, 'PAYLOAD_TOO_LARGE') },
});

export const listVouchersRoute = createRoute({
  ...needs('vouchers:read'),
  method: 'get',
  path: '/vouchers',
  tags,
  summary: 'Vouchers, without their codes',
  request: { query: VoucherQuery },
  responses: { 200: answers(VoucherPage, 'A page of vouchers, by batch and number'), ...refuses(...usual) },
});

export const redeemRoute = createRoute({
  ...needs('vouchers:redeem'),
  method: 'post',
  path: '/vouchers/redeem',
  tags,
  summary: 'Redeem a voucher for a prepaid subscription',
  description:
    'Valid until = the later of now and what it has, plus the days. It pays no bills: `debt` says what is due. After ten ' +
    'wrong codes within a quarter of an hour: 429. `details.reason` of a 409: `used`, `expired`, `void`, `other_plan`, ' +
    '`postpaid`, `ended`.',
  request: { body: takes(RedeemAsk) },
  responses: {
    200: answers(Redeemed, 'Redeemed'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

export const listBatchesRoute = createRoute({
  ...needs('vouchers:read'),
  method: 'get',
  path: '/voucher-batches',
  tags,
  summary: 'Batches of vouchers, the newest first',
  request: { query: VoucherBatchQuery },
  responses: { 200: answers(VoucherBatchPage, 'A page of batches'), ...refuses(...usual) },
});

export const showBatchRoute = createRoute({
  ...needs('vouchers:read'),
  method: 'get',
  path: one,
  tags,
  summary: 'A batch of vouchers',
  request: { params: IdParam },
  responses: { 200: answers(VoucherBatch, 'The batch'), ...refuses(...usual, 'NOT_FOUND') },
});

export const changeBatchRoute = createRoute({
  ...needs('vouchers:write'),
  method: 'patch',
  path: one,
  tags,
  summary: 'Offer a batch to resellers, or to none of them any more',
  description: 'A batch of which a sheet or CSV was taken is not offered: 409 with `details.reason` `handed_out`.',
  request: { params: IdParam, body: takes(VoucherBatchChange) },
  responses: {
    200: answers(VoucherBatch, 'As it is now'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

export const voidBatchRoute = createRoute({
  ...needs('vouchers:write'),
  method: 'post',
  path: `${one}/void`,
  tags,
  summary: 'Make what is unused of a batch worth nothing; what resellers have bought stays good',
  request: { params: IdParam, body: takes(VoidAsk) },
  responses: { 200: answers(VoucherBatch, 'As it is now'), ...refuses(...usual, 'NOT_FOUND', 'PAYLOAD_TOO_LARGE') },
});

const file = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: z.string().openapi({ type: 'string', format: 'binary' }) } },
});

export const sheetRoute = createRoute({
  ...needs('vouchers:write'),
  method: 'get',
  path: `${one}/sheet`,
  tags,
  summary: 'The unused vouchers of a batch for printing; the audit log says who had them',
  request: { params: IdParam, query: SheetQuery },
  description: 'What resellers are offered is not printed: 409 with `details.reason` `offered`.',
  responses: { 200: file('application/pdf', 'Cards with QR codes'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});

export const csvRoute = createRoute({
  ...needs('vouchers:write'),
  method: 'get',
  path: `${one}/codes`,
  tags,
  summary: 'The unused codes of a batch as CSV; the audit log says who had them',
  request: { params: IdParam },
  responses: { 200: file('text/csv', 'A row for each'), ...refuses(...usual, 'NOT_FOUND', 'CONFLICT') },
});
