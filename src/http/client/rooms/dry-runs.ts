// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type DryRun = {
  at: string;
  cuts: readonly {
    subscription_id: string;
    username: string;
    customer: { id: string; code: string; name: string };
    reason: string;
    reason_code: string;
  }[];
  restores: readonly {
    subscription_id: string;
    username: string;
    customer: { id: string; code: string; name: string };
    reason: string;
    reason_code: string;
  }[];
  held: number;
  held_lines: readonly {
    subscription_id: string;
    username: string;
    customer: { id: string; code: string; name: string };
    reason: string;
    reason_code: string;
  }[];
  stopped: number;
  spared: readonly {
    subscription_id: string;
    username: string;
    customer: { id: string; code: string; name: string };
    reason: string;
    reason_code: string;
  }[];
  limit: number;
};
export type DryRunAsk = {
  at: string;
  what_if?:
    | {
        grace_days_plus?: number | undefined;
        invoice_paid?: string | undefined;
        ledger_unreachable?: boolean | undefined;
      }
    | undefined;
};

export type DryRunsOperations = {
  'POST /dry-runs': { body: DryRunAsk; answer: DryRun };
};
