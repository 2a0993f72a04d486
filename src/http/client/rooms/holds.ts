// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Hold = {
  id: string;
  state: 'waiting' | 'releasing' | 'released' | 'lapsed';
  since: string;
  reason: string;
  evidence: Readonly<Record<string, unknown>>;
  note: string | null;
  lines: { held: number; released: number; cut: number; spared: number };
  asked_by: string | null;
  released_by: string | null;
  released_at: string | null;
  ended_at: string | null;
};
export type HoldPage = { data: readonly Hold[]; page: number; page_size: number; total: number };

export type HoldsOperations = {
  'GET /holds': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'waiting' | 'releasing' | 'released' | 'lapsed' | undefined;
      fields?: string | undefined;
    };
    answer: HoldPage;
  };
  'POST /holds/{id}/release': { params: { id: string }; answer: Hold };
  'POST /holds/{id}/revert': { params: { id: string }; answer: Hold };
};
