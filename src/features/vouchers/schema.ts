import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';
import { Amount, PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

const at = z.iso.datetime();
const mostVouchers = 10_000;
const exampleId = '0f8fad5b-d9cb-469f-a165-70867728950e';

export const NewVoucherBatch = z
  .strictObject({
    service_plan_id: z
      .uuid()
      .nullable()
      .default(null)
      .openapi({ description: 'Only lines of this plan take them; null: any prepaid line' }),
    days: z.int().min(1).max(3_660).openapi({ description: 'How long one keeps a line online' }),
    price: Amount.openapi({ description: 'What one is sold for' }),
    reseller_price: Amount.nullable()
      .default(null)
      .openapi({ description: 'What resellers pay for one; null: they are not offered them' }),
    count: z.int().min(1).max(mostVouchers),
    prefix: z
      .string()
      .regex(/^[A-Z0-9]{0,8}$/, 'must be at most 8 capitals or digits')
      .default('')
      .openapi({ description: 'Stands in front of each code, for people' }),
    expires_on: z.iso
      .date()
      .nullable()
      .default(null)
      .openapi({ description: 'The last day on which one may be redeemed' }),
    note: storedText(500).default('').openapi({ description: 'For colleagues; it is not printed' }),
  })
  .openapi('NewVoucherBatch', {
    example: { days: 30, price: 100_000, count: 100, prefix: 'KCB', note: 'Warung Sari' },
  });
export type NewVoucherBatch = z.infer<typeof NewVoucherBatch>;

export const VoucherBatch = z
  .object({
    id: z.uuid(),
    service_plan: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    days: z.int(),
    price: z.int(),
    reseller_price: z.int().nullable().openapi({ description: 'Null: resellers are not offered them' }),
    count: z.int(),
    unused: z.int(),
    sold: z.int().openapi({ description: 'How many of the unused ones resellers have bought' }),
    redeemed: z.int(),
    void: z.int(),
    prefix: z.string(),
    expires_on: z.iso.date().nullable(),
    note: z.string(),
    handed_out_at: at
      .nullable()
      .openapi({ description: 'When its sheet or CSV was first taken; then it is not offered' }),
    created_by: z.uuid(),
    created_at: at,
  })
  .openapi('VoucherBatch', {
    example: {
      id: exampleId,
      service_plan: null,
      days: 30,
      price: 100_000,
      reseller_price: 92_000,
      count: 100,
      unused: 97,
      sold: 20,
      redeemed: 3,
      void: 0,
      prefix: 'KCB',
      expires_on: null,
      note: 'Warung Sari',
      handed_out_at: null,
      created_by: '16fd2706-8baf-433b-82eb-8c7fada847da',
      created_at: '2026-11-21T03:10:00.000Z',
    },
  });
export type VoucherBatch = z.infer<typeof VoucherBatch>;

export const VoucherBatchPage = pageOf(VoucherBatch).openapi('VoucherBatchPage');
export type VoucherBatchPage = z.infer<typeof VoucherBatchPage>;
export const VoucherBatchQuery = PageQuery.extend({ service_plan_id: z.uuid().optional() });
export type VoucherBatchQuery = z.infer<typeof VoucherBatchQuery>;

export const VoucherBatchChange = z
  .strictObject({
    reseller_price: Amount.nullable().openapi({
      description: 'What resellers pay for one; null: they are not offered them',
    }),
  })
  .openapi('VoucherBatchChange', { example: { reseller_price: 92_000 } });
export type VoucherBatchChange = z.infer<typeof VoucherBatchChange>;

export const State = z.enum(['unused', 'redeemed', 'void']);
export const Voucher = z
  .object({
    id: z.uuid(),
    batch_id: z.uuid(),
    no: z.int().openapi({ description: 'Printed beside the code, which is shown on the sheet alone' }),
    state: State,
    days: z.int(),
    price: z.int(),
    expires_on: z.iso.date().nullable(),
    subscription_id: z.uuid().nullable(),
    username: z.string().nullable(),
    redeemed_at: at.nullable(),
    redeemed_by: z.uuid().nullable().openapi({ description: 'Null: the subscriber, on the page for isolated ones' }),
    valid_until: at.nullable().openapi({ description: 'Until when it made the line valid' }),
    voided_at: at.nullable(),
    reseller: z
      .object({ id: z.uuid(), name: z.string() })
      .nullable()
      .openapi({ description: 'Who bought it to sell it' }),
    sale_id: z.uuid().nullable(),
    sold_at: at.nullable(),
  })
  .openapi('Voucher', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      batch_id: exampleId,
      no: 17,
      state: 'redeemed',
      days: 30,
      price: 100_000,
      expires_on: null,
      subscription_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      username: 'CKP123',
      redeemed_at: '2026-11-21T03:10:00.000Z',
      redeemed_by: null,
      valid_until: '2026-12-21T03:10:00.000Z',
      voided_at: null,
      reseller: { id: '5b1f3d62-0f5e-4c0a-9d5b-6a1f0e7a9c21', name: 'Warung Sari' },
      sale_id: '3e2a6f7c-8a41-4f8b-9f0d-2d9f5b1f4c11',
      sold_at: '2026-11-20T08:00:00.000Z',
    },
  });
export type Voucher = z.infer<typeof Voucher>;

export const VoucherPage = pageOf(Voucher).openapi('VoucherPage');
export type VoucherPage = z.infer<typeof VoucherPage>;
export const VoucherQuery = PageQuery.omit({ search: true }).extend({
  state: State.optional(),
  batch_id: z.uuid().optional(),
  subscription_id: z.uuid().optional(),
  reseller_id: z.uuid().optional(),
  sale_id: z.uuid().optional(),
});
export type VoucherQuery = z.infer<typeof VoucherQuery>;

export const VoidAsk = z
  .strictObject({ reason: filledText(500) })
  .openapi('VoidVouchers', { example: { reason: 'The sheet was lost' } });
export type VoidAsk = z.infer<typeof VoidAsk>;

export const RedeemAsk = z
  .strictObject({
    code: filledText(64).openapi({ description: 'As printed; case, blanks and dashes do not matter' }),
    username: filledText(64).openapi({ description: 'PPPoE username of the line that it is for' }),
  })
  .openapi('RedeemVoucher', { example: { code: 'KCB-2345-ABCDE-FGHJK', username: 'CKP123' } });
export type RedeemAsk = z.infer<typeof RedeemAsk>;

export const Redeemed = z
  .object({
    id: z.uuid(),
    subscription_id: z.uuid(),
    username: z.string(),
    days: z.int(),
    valid_until: at,
    state: z.enum(accessStates).nullable().openapi({ description: 'Of the line now; null: not decided yet' }),
    debt: z.int().openapi({ description: 'What is due on bills all the same: a voucher pays none' }),
  })
  .openapi('RedeemedVoucher', {
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      subscription_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      username: 'CKP123',
      days: 30,
      valid_until: '2026-12-21T03:10:00.000Z',
      state: 'active',
      debt: 0,
    },
  });
export type Redeemed = z.infer<typeof Redeemed>;

export const SheetQuery = z.object({
  language: z.enum(['id', 'en']).optional().openapi({ description: "Left out: the tenant's own" }),
});
