// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run --project db test/api/client.db.test.ts
import type { NewRequestMessage, ResellerRequestPage, ResellerRequestThread } from './reseller.ts';

export type ResellerRequestsOperations = {
  'GET /reseller-requests': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'open' | 'answered' | 'closed' | undefined;
      reseller_id?: string | undefined;
      customer_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: ResellerRequestPage;
  };
  'GET /reseller-requests/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: ResellerRequestThread;
  };
  'POST /reseller-requests/{id}/messages': {
    params: { id: string };
    body: NewRequestMessage;
    answer: ResellerRequestThread;
  };
  'POST /reseller-requests/{id}/close': { params: { id: string }; answer: ResellerRequestThread };
};
