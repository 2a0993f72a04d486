// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Event = {
  id: string;
  source: string;
  state: 'new' | 'done' | 'ignored' | 'dead';
  doctype: string;
  name: string;
  event: string;
  modified: string;
  error: string | null;
  correlation_id: string;
  received_at: string;
  consumed_at: string | null;
};
export type EventRange = {
  ids?: readonly string[] | undefined;
  from?: string | undefined;
  to?: string | undefined;
  doctype?: string | undefined;
  state?: 'done' | 'dead' | undefined;
  all?: true | undefined;
  after?: string | undefined;
};
export type Replayed = { replayed: number; left_out: number; next: string | null };

export type EventsOperations = {
  'POST /events/replay': { body: EventRange; answer: Replayed };
  'GET /events': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?: 'new' | 'done' | 'ignored' | 'dead' | undefined;
      doctype?: string | undefined;
      fields?: string | undefined;
    };
    answer: { data: readonly Event[]; page: number; page_size: number; total: number };
  };
  'GET /events/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Event };
  'POST /events/{id}/replay': { params: { id: string }; answer: Event };
};
