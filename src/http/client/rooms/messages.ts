// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Message = {
  id: string;
  event: string;
  channel: 'email';
  recipient: string;
  language: string;
  customer_id: string | null;
  user_id: string | null;
  state: 'queued' | 'sent' | 'failed' | 'suppressed' | 'bounced';
  attempts: number;
  error: string | null;
  created_at: string;
  sent_at: string | null;
};
export type MessagePage = { data: readonly Message[]; page: number; page_size: number; total: number };
export type TestMessage = { to: string };

export type MessagesOperations = {
  'GET /messages': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?: 'queued' | 'sent' | 'failed' | 'suppressed' | 'bounced' | undefined;
      event?:
        | 'registration'
        | 'password_reset'
        | 'payment_overdue'
        | 'reminder'
        | 'cut_notice'
        | 'receipt'
        | 'isolated'
        | 'restored'
        | 'ticket_created'
        | 'boost_approved'
        | 'device_offline'
        | 'brake_engaged'
        | 'ledger_away'
        | 'ledger_back'
        | 'stock_away'
        | 'stock_back'
        | 'push_refused'
        | 'charge_problem'
        | 'low_stock'
        | 'deposit_low'
        | 'deposit_topped_up'
        | 'reseller_request'
        | 'reseller_answer'
        | 'webhook_disabled'
        | 'test'
        | undefined;
      customer_id?: string | undefined;
      user_id?: string | undefined;
      sort?: 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: MessagePage;
  };
  'POST /messages/test': { body: TestMessage; answer: Message };
  'POST /messages/{id}/retry': { params: { id: string }; answer: Message };
};
