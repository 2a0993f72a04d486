// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type CountedIncentives = { month: string; data: readonly Incentive[] };
export type Incentive = {
  id: string;
  month: string;
  technician_id: string;
  technician_name: string;
  installs: number;
  rate: number;
  amount: number;
  state: 'kept' | 'waiting' | 'pushed' | 'refused';
  erp_employee: string | null;
  erp_salary: string | null;
  error: string | null;
  counted_at: string;
};
export type IncentivePage = { data: readonly Incentive[]; page: number; page_size: number; total: number };
export type TechnicianFigures = {
  from: string;
  to: string;
  data: readonly {
    technician_id: string;
    name: string;
    installs: number;
    repairs: number;
    others: number;
    failures: number;
    resolve_minutes_median: number | null;
    resolve_minutes_p90: number | null;
    on_time_percent: number | null;
    accepted_installs: number;
    incentive: number;
  }[];
};

export type KpiOperations = {
  'GET /kpi/technicians': {
    query: { from: string; to: string; fields?: string | undefined };
    answer: TechnicianFigures;
  };
  'POST /kpi/incentives/{month}': { params: { month: string }; answer: CountedIncentives };
  'GET /kpi/incentives': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      month?: string | undefined;
      technician_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: IncentivePage;
  };
};
