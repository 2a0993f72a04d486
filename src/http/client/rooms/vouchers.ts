// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { VoucherBatch } from './voucher-batches.ts';

export type NewVoucherBatch = {
  service_plan_id?: string | null | undefined;
  days: number;
  price: number;
  reseller_price?: number | null | undefined;
  count: number;
  prefix?: string | undefined;
  expires_on?: string | null | undefined;
  note?: string | undefined;
};
export type RedeemVoucher = { code: string; username: string };
export type RedeemedVoucher = {
  id: string;
  subscription_id: string;
  username: string;
  days: number;
  valid_until: string;
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated' | null;
  debt: number;
};
export type Voucher = {
  id: string;
  batch_id: string;
  no: number;
  state: 'unused' | 'redeemed' | 'void';
  days: number;
  price: number;
  expires_on: string | null;
  subscription_id: string | null;
  username: string | null;
  redeemed_at: string | null;
  redeemed_by: string | null;
  valid_until: string | null;
  voided_at: string | null;
  reseller: { id: string; name: string } | null;
  sale_id: string | null;
  sold_at: string | null;
};
export type VoucherPage = { data: readonly Voucher[]; page: number; page_size: number; total: number };

export type VouchersOperations = {
  'POST /vouchers': { body: NewVoucherBatch; answer: VoucherBatch };
  'GET /vouchers': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'unused' | 'redeemed' | 'void' | undefined;
      batch_id?: string | undefined;
      subscription_id?: string | undefined;
      reseller_id?: string | undefined;
      sale_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: VoucherPage;
  };
  'POST /vouchers/redeem': { body: RedeemVoucher; answer: RedeemedVoucher };
};
