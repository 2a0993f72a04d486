// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type NewRequestMessage = { text: string };
export type NewResellerRequest = {
  kind: 'no_internet' | 'slow' | 'billing' | 'move' | 'plan' | 'equipment' | 'other';
  text: string;
  customer_id?: string | null | undefined;
};
export type ResellerRequest = {
  id: string;
  kind: 'no_internet' | 'slow' | 'billing' | 'move' | 'plan' | 'equipment' | 'other';
  state: 'open' | 'answered' | 'closed';
  reseller: { id: string; name: string };
  customer: { id: string; name: string } | null;
  text: string;
  created_at: string;
  updated_at: string;
};
export type ResellerRequestPage = { data: readonly ResellerRequest[]; page: number; page_size: number; total: number };
export type ResellerRequestThread = ResellerRequest & {
  messages: readonly { id: string; by: 'reseller' | 'provider'; name: string; text: string; at: string }[];
};

export type ResellerRequestsOperations = {
  'POST /reseller/requests': { body: NewResellerRequest; answer: ResellerRequestThread };
  'GET /reseller/requests': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'open' | 'answered' | 'closed' | undefined;
      customer_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: ResellerRequestPage;
  };
  'GET /reseller/requests/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: ResellerRequestThread;
  };
  'POST /reseller/requests/{id}/messages': {
    params: { id: string };
    body: NewRequestMessage;
    answer: ResellerRequestThread;
  };
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
