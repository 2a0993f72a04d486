import type { Generated } from 'kysely';
import type { At, Defaulted, Json, Maybe, MaybeAt } from '../columns.ts';

export type WebhookEndpointsTable = {
  id: Generated<string>;
  tenant_id: string;
  url: string;
  description: Defaulted<string>;
  event_types: Json;
  secret: string;
  previous_secret: Maybe<string>;
  rotated_at: MaybeAt;
  is_active: Defaulted<boolean>;
  disabled_at: MaybeAt;
  disabled_reason: Maybe<string>;
  failing_since: MaybeAt;
  created_at: At;
  updated_at: At;
};

export type AnnouncementsTable = {
  id: Generated<string>;
  tenant_id: string;
  type: string;
  body: string;
  correlation_id: string;
  created_at: At;
};

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'cancelled';

export type WebhookDeliveriesTable = {
  id: Generated<string>;
  tenant_id: string;
  endpoint_id: string;
  announcement_id: string;
  state: Defaulted<DeliveryState>;
  attempts: Defaulted<number>;
  status_code: Maybe<number>;
  error: Maybe<string>;
  latency_ms: Maybe<number>;
  created_at: At;
  last_attempt_at: MaybeAt;
  delivered_at: MaybeAt;
};

export type WebhooksTables = {
  webhook_endpoints: WebhookEndpointsTable;
  announcements: AnnouncementsTable;
  webhook_deliveries: WebhookDeliveriesTable;
};
