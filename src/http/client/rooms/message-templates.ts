// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type MessageTemplate = {
  event: string;
  language: 'id' | 'en';
  subject: string;
  body: string;
  is_enabled: boolean;
  is_own: boolean;
  is_transactional: boolean;
  placeholders: readonly string[];
};
export type MessageTemplateChange = { subject: string; body: string; is_enabled?: boolean | undefined };
export type MessageTemplatePage = { data: readonly MessageTemplate[]; page: number; page_size: number; total: number };

export type MessageTemplatesOperations = {
  'GET /message-templates': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
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
      language?: 'id' | 'en' | undefined;
      fields?: string | undefined;
    };
    answer: MessageTemplatePage;
  };
  'GET /message-templates/{event}/{language}': {
    params: {
      event:
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
        | 'test';
      language: 'id' | 'en';
    };
    query?: { fields?: string | undefined };
    answer: MessageTemplate;
  };
  'PUT /message-templates/{event}/{language}': {
    params: {
      event:
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
        | 'test';
      language: 'id' | 'en';
    };
    body: MessageTemplateChange;
    answer: MessageTemplate;
  };
  'DELETE /message-templates/{event}/{language}': {
    params: {
      event:
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
        | 'test';
      language: 'id' | 'en';
    };
  };
};
