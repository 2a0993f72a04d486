// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type IntentRange = {
  ids?: readonly string[] | undefined;
  from?: string | undefined;
  to?: string | undefined;
  kind?:
    | 'access.apply'
    | 'group.apply'
    | 'nas.apply'
    | 'nas.remove'
    | 'tenant.apply'
    | 'tenant.remove'
    | 'sessions.change'
    | 'sessions.drop'
    | 'sessions.refresh'
    | 'session.close'
    | 'user.describe'
    | 'ledger.username'
    | 'ledger.customer'
    | 'ledger.subscription'
    | 'ledger.payment'
    | 'ledger.invoice'
    | 'ledger.modem'
    | 'asset.move'
    | 'asset.label'
    | 'scan.resume'
    | 'scan.watch'
    | 'ledger.salary'
    | 'ledger.payout'
    | 'commission.settle'
    | 'ledger.checkin'
    | 'message.send'
    | 'webhook.deliver'
    | undefined;
  all?: true | undefined;
  after?: string | undefined;
};
export type OutboxRow = {
  id: string;
  kind: string;
  key: string;
  subscription_id: string | null;
  intent: Readonly<Record<string, unknown>>;
  generation: number;
  urgency: number;
  state: 'ready' | 'running' | 'done' | 'superseded' | 'dead';
  attempts: number;
  next_at: string;
  error: string | null;
  correlation_id: string;
  created_at: string;
  finished_at: string | null;
};
export type Retried = { retried: number; next: string | null };

export type OutboxOperations = {
  'POST /outbox/retry': { body: IntentRange; answer: Retried };
  'GET /outbox': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?: 'ready' | 'running' | 'done' | 'superseded' | 'dead' | undefined;
      kind?:
        | 'access.apply'
        | 'group.apply'
        | 'nas.apply'
        | 'nas.remove'
        | 'tenant.apply'
        | 'tenant.remove'
        | 'sessions.change'
        | 'sessions.drop'
        | 'sessions.refresh'
        | 'session.close'
        | 'user.describe'
        | 'ledger.username'
        | 'ledger.customer'
        | 'ledger.subscription'
        | 'ledger.payment'
        | 'ledger.invoice'
        | 'ledger.modem'
        | 'asset.move'
        | 'asset.label'
        | 'scan.resume'
        | 'scan.watch'
        | 'ledger.salary'
        | 'ledger.payout'
        | 'commission.settle'
        | 'ledger.checkin'
        | 'message.send'
        | 'webhook.deliver'
        | undefined;
      subscription_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: { data: readonly OutboxRow[]; page: number; page_size: number; total: number };
  };
  'GET /outbox/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: OutboxRow };
  'POST /outbox/{id}/retry': { params: { id: string }; answer: OutboxRow };
};
