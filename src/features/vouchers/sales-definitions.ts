import { createRoute, z } from '@hono/zod-openapi';
import { answers, IdParam, needs, refuses, takes } from '#platform/routing.ts';
import {
  OwnSalesQuery,
  SaleSheetQuery,
  SoldVoucherPage,
  SoldVoucherQuery,
  TakeBackAsk,
  VoucherOffers,
  VoucherPurchase,
  VoucherSale,
  VoucherSalePage,
  VoucherSaleQuery,
  VoucherSaleWithCodes,
} from './sales-schema.ts';

const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'] as const;
const tags = ['Vouchers'];
const own = '/reseller/voucher-sales';
const ownOne = `${own}/{id}`;

export const listOffersRoute = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/voucher-offers',
  tags,
  summary: 'Vouchers that a reseller may buy',
  responses: { 200: answers(VoucherOffers, 'What there is'), ...refuses(...usual) },
});

export const buyRoute = createRoute({
  ...needs('own_sales:write'),
  method: 'post',
  path: '/reseller/vouchers',
  tags,
  summary: 'Buy vouchers from the deposit; the answer has their codes',
  description:
    'All of them or none. It demands an Idempotency-Key. `details.reason` of a 409: `not_offered`, `not_enough` (with ' +
    '`left`), `deposit_too_low`, `daily_limit`.',
  request: { body: takes(VoucherPurchase) },
  responses: {
    201: answers(VoucherSaleWithCodes, 'Bought'),
    ...refuses(...usual, 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});

export const listOwnVouchersRoute = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: '/reseller/vouchers',
  tags,
  summary: "A reseller's vouchers, without their codes",
  request: { query: SoldVoucherQuery },
  responses: { 200: answers(SoldVoucherPage, 'A page of them, the latest sale first'), ...refuses(...usual) },
});

export const listOwnSalesRoute = createRoute({
  ...needs('own_sales:read'),
  method: 'get',
  path: own,
  tags,
  summary: 'What a reseller has bought',
  request: { query: OwnSalesQuery },
  responses: { 200: answers(VoucherSalePage, 'A page of sales, the newest first'), ...refuses(...usual) },
});

export const showCodesRoute = createRoute({
  ...needs('own_sales:write'),
  method: 'get',
  path: ownOne,
  tags,
  summary: 'A sale with the codes that are good still; the audit log says who had them',
  request: { params: IdParam },
  responses: { 200: answers(VoucherSaleWithCodes, 'The sale'), ...refuses(...usual, 'NOT_FOUND') },
});

const file = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: z.string().openapi({ type: 'string', format: 'binary' }) } },
});

export const saleSheetRoute = createRoute({
  ...needs('own_sales:write'),
  method: 'get',
  path: `${ownOne}/sheet`,
  tags,
  summary: 'What of a sale is good still, for printing; the audit log says who had it',
  request: { params: IdParam, query: SaleSheetQuery },
  responses: { 200: file('application/pdf', 'Cards or slips with QR codes'), ...refuses(...usual, 'NOT_FOUND') },
});

export const saleCsvRoute = createRoute({
  ...needs('own_sales:write'),
  method: 'get',
  path: `${ownOne}/codes`,
  tags,
  summary: 'The codes of a sale that are good still as CSV; the audit log says who had them',
  request: { params: IdParam },
  responses: { 200: file('text/csv', 'A row for each'), ...refuses(...usual, 'NOT_FOUND') },
});

export const listSalesRoute = createRoute({
  ...needs('vouchers:read'),
  method: 'get',
  path: '/voucher-sales',
  tags,
  summary: 'Which resellers have bought vouchers',
  request: { query: VoucherSaleQuery },
  responses: { 200: answers(VoucherSalePage, 'A page of sales, the newest first'), ...refuses(...usual) },
});

export const showSaleRoute = createRoute({
  ...needs('vouchers:read'),
  method: 'get',
  path: '/voucher-sales/{id}',
  tags,
  summary: 'A sale of vouchers, without their codes',
  request: { params: IdParam },
  responses: { 200: answers(VoucherSale, 'The sale'), ...refuses(...usual, 'NOT_FOUND') },
});

export const takeBackRoute = createRoute({
  ...needs('vouchers:write'),
  method: 'post',
  path: '/voucher-sales/{id}/take-back',
  tags,
  summary: 'Take back what is unused of a sale: its price goes back to the deposit, its codes are worth nothing',
  request: { params: IdParam, body: takes(TakeBackAsk) },
  responses: {
    200: answers(VoucherSale, 'As it is now'),
    ...refuses(...usual, 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE'),
  },
});
