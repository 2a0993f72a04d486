import { z } from '@hono/zod-openapi';
import { Amount, PageQuery, pageOf } from '#platform/routing.ts';
import { filledText } from '#platform/stored-text.ts';
import { State } from './schema.ts';

const at = z.iso.datetime();
const batchId = '0f8fad5b-d9cb-469f-a165-70867728950e';
const saleId = '3e2a6f7c-8a41-4f8b-9f0d-2d9f5b1f4c11';
const Plan = z.object({ id: z.uuid(), name: z.string() }).nullable();

export const VoucherOffers = z
  .object({
    data: z.array(
      z.object({
        batch_id: z.uuid(),
        days: z.int(),
        service_plan: Plan.openapi({ description: 'Only lines of this plan take them; null: any prepaid line' }),
        price: z.int().openapi({ description: 'What stands on it: what a customer pays' }),
        reseller_price: z.int().openapi({ description: 'What one costs the deposit' }),
        expires_on: z.iso.date().nullable(),
        left: z.int(),
      }),
    ),
  })
  .openapi('VoucherOffers', {
    example: {
      data: [
        {
          batch_id: batchId,
          days: 30,
          service_plan: null,
          price: 100_000,
          reseller_price: 92_000,
          expires_on: null,
          left: 80,
        },
      ],
    },
  });
export type VoucherOffers = z.infer<typeof VoucherOffers>;

export const VoucherPurchase = z
  .strictObject({ batch_id: z.uuid(), count: z.int().min(1).max(100) })
  .openapi('VoucherPurchase', { example: { batch_id: batchId, count: 10 } });
export type VoucherPurchase = z.infer<typeof VoucherPurchase>;

const sale = {
  id: saleId,
  reseller: { id: '5b1f3d62-0f5e-4c0a-9d5b-6a1f0e7a9c21', name: 'Warung Sari' },
  batch: { id: batchId, days: 30, service_plan: null, price: 100_000, expires_on: null },
  count: 10,
  unit_price: 92_000,
  amount: 920_000,
  unused: 9,
  redeemed: 1,
  taken_back: 0,
  sold_at: '2026-11-21T03:10:00.000Z',
};
export const VoucherSale = z
  .object({
    id: z.uuid(),
    reseller: z.object({ id: z.uuid(), name: z.string() }),
    batch: z.object({
      id: z.uuid(),
      days: z.int(),
      service_plan: Plan,
      price: z.int(),
      expires_on: z.iso.date().nullable(),
    }),
    count: z.int(),
    unit_price: Amount,
    amount: Amount.openapi({ description: 'What the deposit paid' }),
    unused: z.int(),
    redeemed: z.int(),
    taken_back: z.int(),
    sold_at: at,
  })
  .openapi('VoucherSale', { example: sale });
export type VoucherSale = z.infer<typeof VoucherSale>;

export const VoucherSaleWithCodes = VoucherSale.extend({
  vouchers: z.array(
    z.object({
      no: z.int(),
      state: State,
      code: z.string().nullable().openapi({ description: 'Null once it is worth nothing' }),
    }),
  ),
}).openapi('VoucherSaleWithCodes', {
  example: { ...sale, vouchers: [{ no: 17, state: 'unused', code: 'KCB-2345-ABCDE-FGHJ' }] },
});
export type VoucherSaleWithCodes = z.infer<typeof VoucherSaleWithCodes>;

export const VoucherSalePage = pageOf(VoucherSale).openapi('VoucherSalePage');
export type VoucherSalePage = z.infer<typeof VoucherSalePage>;
export const OwnSalesQuery = PageQuery.omit({ search: true });
export const VoucherSaleQuery = OwnSalesQuery.extend({
  reseller_id: z.uuid().optional(),
  batch_id: z.uuid().optional(),
});
export type VoucherSaleQuery = z.infer<typeof VoucherSaleQuery>;

export const SoldVoucher = z
  .object({
    id: z.uuid(),
    sale_id: z.uuid(),
    no: z.int(),
    state: State,
    days: z.int(),
    price: z.int(),
    expires_on: z.iso.date().nullable(),
    sold_at: at,
    redeemed_at: at.nullable(),
    taken_back_at: at.nullable(),
  })
  .openapi('SoldVoucher', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      sale_id: saleId,
      no: 17,
      state: 'redeemed',
      days: 30,
      price: 100_000,
      expires_on: null,
      sold_at: '2026-11-21T03:10:00.000Z',
      redeemed_at: '2026-11-22T11:00:00.000Z',
      taken_back_at: null,
    },
  });
export type SoldVoucher = z.infer<typeof SoldVoucher>;
export const SoldVoucherPage = pageOf(SoldVoucher).openapi('SoldVoucherPage');
export type SoldVoucherPage = z.infer<typeof SoldVoucherPage>;
export const SoldVoucherQuery = PageQuery.omit({ search: true }).extend({
  state: State.optional(),
  sale_id: z.uuid().optional(),
});
export type SoldVoucherQuery = z.infer<typeof SoldVoucherQuery>;

export const TakeBackAsk = z
  .strictObject({ reason: filledText(500) })
  .openapi('TakeVouchersBack', { example: { reason: 'The shop has closed' } });
export type TakeBackAsk = z.infer<typeof TakeBackAsk>;

export const SaleSheetQuery = z.object({
  format: z
    .enum(['a4', '58mm'])
    .default('a4')
    .openapi({ description: 'Cards to cut out, or slips for a thermal printer of receipts' }),
  language: z.enum(['id', 'en']).optional().openapi({ description: "Left out: the tenant's own" }),
});
export type SaleSheetQuery = z.infer<typeof SaleSheetQuery>;
