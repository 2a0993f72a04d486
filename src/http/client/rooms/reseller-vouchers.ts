// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { VoucherSaleWithCodes } from './reseller-voucher-sales.ts';

export type SoldVoucher = {
  id: string;
  sale_id: string;
  no: number;
  state: 'unused' | 'redeemed' | 'void';
  days: number;
  price: number;
  expires_on: string | null;
  sold_at: string;
  redeemed_at: string | null;
  taken_back_at: string | null;
};
export type SoldVoucherPage = { data: readonly SoldVoucher[]; page: number; page_size: number; total: number };
export type VoucherPurchase = { batch_id: string; count: number };

export type ResellerVouchersOperations = {
  'POST /reseller/vouchers': { body: VoucherPurchase; answer: VoucherSaleWithCodes };
  'GET /reseller/vouchers': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'unused' | 'redeemed' | 'void' | undefined;
      sale_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: SoldVoucherPage;
  };
};
