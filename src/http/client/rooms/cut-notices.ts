// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type CutNotice = {
  subscription_id: string;
  username: string;
  customer: { id: string; code: string; name: string };
  invoice: string;
  amount: number;
  due_date: string;
  state: 'wanted' | 'queued' | 'delivered' | 'undeliverable' | 'overridden';
  at: string;
  detail: string | null;
  message_id: string | null;
};
export type CutNoticeOverride = { reason: string; subscription_ids?: readonly string[] | undefined };
export type CutNoticePage = { data: readonly CutNotice[]; page: number; page_size: number; total: number };
export type CutNoticesOverridden = { lines: number; bills: number };

export type CutNoticesOperations = {
  'GET /cut-notices': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'wanted' | 'queued' | 'delivered' | 'undeliverable' | 'overridden' | undefined;
      subscription_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: CutNoticePage;
  };
  'POST /cut-notices/override': { body: CutNoticeOverride; answer: CutNoticesOverridden };
};
