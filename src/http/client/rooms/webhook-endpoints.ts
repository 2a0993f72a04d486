// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { WebhookDelivery } from './webhook-deliveries.ts';

export type NewWebhookEndpoint = {
  url: string;
  description?: string | undefined;
  event_types?:
    | readonly (
        | '*'
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
      )[]
    | undefined;
};
export type WebhookEndpoint = {
  id: string;
  url: string;
  description: string;
  event_types: readonly string[];
  is_active: boolean;
  disabled_at: string | null;
  disabled_reason: string | null;
  failing_since: string | null;
  created_at: string;
  updated_at: string;
};
export type WebhookEndpointChange = {
  url?: string | undefined;
  description?: string | undefined;
  event_types?:
    | readonly (
        | '*'
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
      )[]
    | undefined;
  is_active?: boolean | undefined;
};
export type WebhookEndpointPage = { data: readonly WebhookEndpoint[]; page: number; page_size: number; total: number };
export type WebhookEndpointWithSecret = {
  id: string;
  url: string;
  description: string;
  event_types: readonly string[];
  is_active: boolean;
  disabled_at: string | null;
  disabled_reason: string | null;
  failing_since: string | null;
  created_at: string;
  updated_at: string;
  secret: string;
};
export type WebhookReplay = { from: string; to: string };
export type WebhookReplayed = { replayed: number };

export type WebhookEndpointsOperations = {
  'POST /webhook-endpoints': { body: NewWebhookEndpoint; answer: WebhookEndpointWithSecret };
  'GET /webhook-endpoints': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      is_active?: 'true' | 'false' | undefined;
      fields?: string | undefined;
    };
    answer: WebhookEndpointPage;
  };
  'GET /webhook-endpoints/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: WebhookEndpoint;
  };
  'PATCH /webhook-endpoints/{id}': { params: { id: string }; body: WebhookEndpointChange; answer: WebhookEndpoint };
  'DELETE /webhook-endpoints/{id}': { params: { id: string } };
  'POST /webhook-endpoints/{id}/rotate-secret': { params: { id: string }; answer: WebhookEndpointWithSecret };
  'POST /webhook-endpoints/{id}/test': { params: { id: string }; answer: WebhookDelivery };
  'POST /webhook-endpoints/{id}/replay': { params: { id: string }; body: WebhookReplay; answer: WebhookReplayed };
};
