// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type CommissionRule = {
  id: string;
  reseller_id: string | null;
  service_plan_id: string | null;
  occasion: 'first' | 'recurring' | 'every';
  kind: 'percent' | 'fixed';
  value: number;
  tiers: readonly { from: number; value: number }[];
  valid_from: string;
  valid_to: string | null;
  notes: string;
  created_at: string;
};
export type CommissionRuleChange = { valid_to?: string | null | undefined; notes?: string | undefined };
export type CommissionRulePage = { data: readonly CommissionRule[]; page: number; page_size: number; total: number };
export type NewCommissionRule = {
  reseller_id?: string | null | undefined;
  service_plan_id?: string | null | undefined;
  occasion: 'first' | 'recurring' | 'every';
  kind: 'percent' | 'fixed';
  value: number;
  tiers?: readonly { from: number; value: number }[] | undefined;
  valid_from?: string | undefined;
  valid_to?: string | null | undefined;
  notes?: string | undefined;
};

export type CommissionRulesOperations = {
  'POST /commission-rules': { body: NewCommissionRule; answer: CommissionRule };
  'GET /commission-rules': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      reseller_id?: string | undefined;
      service_plan_id?: string | undefined;
      occasion?: 'first' | 'recurring' | 'every' | undefined;
      fields?: string | undefined;
    };
    answer: CommissionRulePage;
  };
  'GET /commission-rules/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: CommissionRule;
  };
  'PATCH /commission-rules/{id}': { params: { id: string }; body: CommissionRuleChange; answer: CommissionRule };
  'DELETE /commission-rules/{id}': { params: { id: string } };
};
