// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type NewReconciliation = { scope?: 'all' | 'radius' | 'sessions' | 'ledger' | 'assets' | undefined };
export type Reconciliation = {
  id: string;
  scope: 'all' | 'radius' | 'sessions' | 'ledger' | 'assets';
  state: 'waiting' | 'running' | 'done' | 'failed';
  asked_by: string;
  asked_at: string;
  started_at: string | null;
  finished_at: string | null;
  checked: number;
  found: Readonly<Record<string, number>>;
  error: string | null;
};
export type ReconciliationPage = { data: readonly Reconciliation[]; page: number; page_size: number; total: number };

export type ReconciliationsOperations = {
  'POST /reconciliations': { body: NewReconciliation; answer: Reconciliation };
  'GET /reconciliations': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'waiting' | 'running' | 'done' | 'failed' | undefined;
      scope?: 'all' | 'radius' | 'sessions' | 'ledger' | 'assets' | undefined;
      fields?: string | undefined;
    };
    answer: ReconciliationPage;
  };
  'GET /reconciliations/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: Reconciliation;
  };
};
