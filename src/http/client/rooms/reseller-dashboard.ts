// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type ResellerDashboard = {
  customers: { total: number; green: number; red: number; grey: number };
  by_state: {
    pending?: number | undefined;
    active?: number | undefined;
    isolated?: number | undefined;
    suspended?: number | undefined;
    terminated?: number | undefined;
  };
  modems_seen_at: string | null;
  to_collect: { customers: number; amount: number };
  overdue: { customers: number; amount: number };
  due_soon: readonly { id: string; name: string; amount: number; due_date: string }[];
  open_requests: number;
  deposit: { balance: number; low_mark: number | null };
  commission_this_month: number;
};

export type ResellerDashboardOperations = {
  'GET /reseller/dashboard': { query?: { fields?: string | undefined }; answer: ResellerDashboard };
};
