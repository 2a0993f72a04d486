// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type PromisePage = { data: readonly PromiseToPay[]; page: number; page_size: number; total: number };
export type PromiseToPay = {
  id: string;
  customer: { id: string; code: string; name: string };
  subscription_id: string | null;
  until: string;
  note: string | null;
  state: 'running' | 'kept' | 'broken' | 'withdrawn';
  recorded_by: string;
  recorded_at: string;
  ended_at: string | null;
};

export type PromisesOperations = {
  'GET /promises': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'running' | 'kept' | 'broken' | 'withdrawn' | undefined;
      customer_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: PromisePage;
  };
};
