// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type CommissionPaying = {
  method: 'transfer' | 'cash' | 'deposit' | 'salary';
  reference?: string | null | undefined;
};
export type CommissionPayout = {
  id: string;
  reseller_id: string;
  reseller_name: string;
  until: string;
  amount: number;
  state: 'draft' | 'approved' | 'paid' | 'cancelled';
  made_by: string;
  made_at: string;
  approved_by: string | null;
  approved_at: string | null;
  paid_by: string | null;
  paid_at: string | null;
  method: 'transfer' | 'cash' | 'deposit' | 'salary' | null;
  reference: string | null;
  erp_document: string | null;
  erp_error: string | null;
};
export type CommissionPayoutPage = {
  data: readonly CommissionPayout[];
  page: number;
  page_size: number;
  total: number;
};
export type MadeCommissionPayouts = { data: readonly CommissionPayout[] };
export type NewCommissionPayouts = { until: string; reseller_id?: string | null | undefined };

export type CommissionPayoutsOperations = {
  'POST /commission-payouts': { body: NewCommissionPayouts; answer: MadeCommissionPayouts };
  'GET /commission-payouts': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      reseller_id?: string | undefined;
      state?: 'draft' | 'approved' | 'paid' | 'cancelled' | undefined;
      fields?: string | undefined;
    };
    answer: CommissionPayoutPage;
  };
  'GET /commission-payouts/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: CommissionPayout;
  };
  'POST /commission-payouts/{id}/approve': { params: { id: string }; answer: CommissionPayout };
  'POST /commission-payouts/{id}/cancel': { params: { id: string }; answer: CommissionPayout };
  'POST /commission-payouts/{id}/pay': { params: { id: string }; body: CommissionPaying; answer: CommissionPayout };
};
