// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type WebhookDelivery = {
  id: string;
  endpoint_id: string;
  webhook_id: string;
  type: string;
  state: 'pending' | 'delivered' | 'failed' | 'cancelled';
  attempts: number;
  status_code: number | null;
  error: string | null;
  latency_ms: number | null;
  created_at: string;
  last_attempt_at: string | null;
  delivered_at: string | null;
};
export type WebhookDeliveryPage = { data: readonly WebhookDelivery[]; page: number; page_size: number; total: number };

export type WebhookDeliveriesOperations = {
  'GET /webhook-deliveries': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      endpoint_id?: string | undefined;
      state?: 'pending' | 'delivered' | 'failed' | 'cancelled' | undefined;
      type?:
        | 'customer.created'
        | 'customer.updated'
        | 'customer.deleted'
        | 'subscription.state_changed'
        | 'brake.engaged'
        | 'router.silent'
        | 'router.heard'
        | 'ledger.away'
        | 'ledger.back'
        | 'stock.away'
        | 'stock.back'
        | 'plan.created'
        | 'plan.updated'
        | 'plan.deleted'
        | 'ping'
        | undefined;
      fields?: string | undefined;
    };
    answer: WebhookDeliveryPage;
  };
  'POST /webhook-deliveries/{id}/replay': { params: { id: string }; answer: WebhookDelivery };
};
