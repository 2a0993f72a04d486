// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type DepositRejection = { reason: string };
export type DepositTopUp = {
  id: string;
  kind: 'top_up' | 'refund';
  reseller: { id: string; name: string };
  amount: number;
  method: 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'other';
  reference: string | null;
  notes: string;
  state: 'requested' | 'approved_once' | 'done' | 'rejected' | 'expired';
  requested_by: string | null;
  requested_at: string;
  expires_at: string;
  first_by: string | null;
  decided_by: string | null;
  decided_at: string | null;
  reason: string | null;
  charge: {
    id: string;
    gateway: string;
    state: string;
    qr_string: string | null;
    virtual_account: string | null;
    bank: string | null;
    url: string | null;
    expires_at: string;
  } | null;
};
export type DepositTopUpPage = { data: readonly DepositTopUp[]; page: number; page_size: number; total: number };

export type DepositTopUpsOperations = {
  'GET /deposit-top-ups': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'requested' | 'approved_once' | 'done' | 'rejected' | 'expired' | undefined;
      kind?: 'top_up' | 'refund' | undefined;
      reseller_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: DepositTopUpPage;
  };
  'POST /deposit-top-ups/{id}/approve': { params: { id: string }; answer: DepositTopUp };
  'POST /deposit-top-ups/{id}/reject': { params: { id: string }; body: DepositRejection; answer: DepositTopUp };
};
