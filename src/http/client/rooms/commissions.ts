// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Commission = {
  id: string;
  at: string;
  earned_on: string;
  reseller_id: string;
  source: string;
  customer_id: string;
  customer_name: string | null;
  service_plan_id: string | null;
  service_plan_name: string | null;
  base: number;
  amount: number;
  payout_id: string | null;
  paid: boolean;
};
export type CommissionPage = { data: readonly Commission[]; page: number; page_size: number; total: number };

export type CommissionsOperations = {
  'GET /commissions': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      month?: string | undefined;
      customer_id?: string | undefined;
      payout_id?: string | undefined;
      reseller_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: CommissionPage;
  };
};
