// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { VoucherSale, VoucherSalePage } from './reseller-voucher-sales.ts';

export type TakeVouchersBack = { reason: string };

export type VoucherSalesOperations = {
  'GET /voucher-sales': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      reseller_id?: string | undefined;
      batch_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: VoucherSalePage;
  };
  'GET /voucher-sales/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: VoucherSale };
  'POST /voucher-sales/{id}/take-back': { params: { id: string }; body: TakeVouchersBack; answer: VoucherSale };
};
