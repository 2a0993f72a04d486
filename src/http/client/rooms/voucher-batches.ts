// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type VoidVouchers = { reason: string };
export type VoucherBatch = {
  id: string;
  service_plan: { id: string; name: string } | null;
  days: number;
  price: number;
  reseller_price: number | null;
  count: number;
  unused: number;
  sold: number;
  redeemed: number;
  void: number;
  prefix: string;
  expires_on: string | null;
  note: string;
  handed_out_at: string | null;
  created_by: string;
  created_at: string;
};
export type VoucherBatchChange = { reseller_price: number | null };
export type VoucherBatchPage = { data: readonly VoucherBatch[]; page: number; page_size: number; total: number };

export type VoucherBatchesOperations = {
  'GET /voucher-batches': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      service_plan_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: VoucherBatchPage;
  };
  'GET /voucher-batches/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: VoucherBatch;
  };
  'PATCH /voucher-batches/{id}': { params: { id: string }; body: VoucherBatchChange; answer: VoucherBatch };
  'POST /voucher-batches/{id}/void': { params: { id: string }; body: VoidVouchers; answer: VoucherBatch };
  'GET /voucher-batches/{id}/sheet': { params: { id: string }; query?: { language?: 'id' | 'en' | undefined } };
  'GET /voucher-batches/{id}/codes': { params: { id: string } };
};
