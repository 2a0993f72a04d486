// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Charge = {
  id: string;
  gateway: 'midtrans' | 'xendit' | 'tripay' | 'duitku';
  method: 'qris' | 'virtual_account' | 'e_wallet';
  customer: { id: string; code: string; name: string } | null;
  invoice_id: string | null;
  erp_invoice: string | null;
  top_up_id: string | null;
  amount: number;
  state: 'created' | 'open' | 'paid' | 'held' | 'expired' | 'failed' | 'refunded';
  qr_string: string | null;
  virtual_account: string | null;
  bank: string | null;
  url: string | null;
  expires_at: string;
  gateway_ref: string | null;
  paid_amount: number | null;
  paid_at: string | null;
  payment_id: string | null;
  problem: string | null;
  created_at: string;
};
export type ChargePage = { data: readonly Charge[]; page: number; page_size: number; total: number };
export type ChargeRefund = { reason: string };

export type ChargesOperations = {
  'GET /charges': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'created' | 'open' | 'paid' | 'held' | 'expired' | 'failed' | 'refunded' | undefined;
      gateway?: 'midtrans' | 'xendit' | 'tripay' | 'duitku' | undefined;
      customer_id?: string | undefined;
      invoice_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: ChargePage;
  };
  'GET /charges/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Charge };
  'POST /charges/{id}/accept': { params: { id: string }; answer: Charge };
  'POST /charges/{id}/refund': { params: { id: string }; body: ChargeRefund; answer: Charge };
};
