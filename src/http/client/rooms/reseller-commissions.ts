// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { CommissionPage } from './commissions.ts';

export type CommissionSummary = {
  owed: number;
  paid: number;
  this_month: number;
  months: readonly { month: string; earned: number; taken_back: number; paid: number }[];
};

export type ResellerCommissionsOperations = {
  'GET /reseller/commissions': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      month?: string | undefined;
      customer_id?: string | undefined;
      payout_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: CommissionPage;
  };
  'GET /reseller/commissions/summary': { query?: { fields?: string | undefined }; answer: CommissionSummary };
};
