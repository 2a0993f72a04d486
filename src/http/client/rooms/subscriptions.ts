// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { PromisePage, PromiseToPay } from './promises.ts';

export type ByHand = { reason: string };
export type Explanation = {
  subscription_id: string;
  username: string;
  customer: { id: string; code: string; name: string };
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  reason: string | null;
  reason_code: string | null;
  evidence: Readonly<Record<string, unknown>>;
  desired: {
    state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
    group: string;
    mac: string | null;
    reply: readonly { attribute: string; op: string; value: string }[];
    generation: number;
    decided_at: string;
  } | null;
  applied: {
    generation: number | null;
    applied_at: string | null;
    rows: {
      groups: readonly string[];
      check: readonly { attribute: string; op: string; value: string }[];
      reply: readonly { attribute: string; op: string; value: string }[];
      foreign: {
        groups: readonly string[];
        check: readonly { attribute: string; op: string; value: string }[];
        reply: readonly { attribute: string; op: string; value: string }[];
      };
    } | null;
    differences: readonly string[] | null;
    note: string | null;
  };
  sessions: readonly RadiusSession[] | null;
  sessions_note: string | null;
  timeline: readonly {
    at: string;
    kind: string;
    text: string;
    correlation_id: string;
    data: Readonly<Record<string, unknown>>;
  }[];
};
export type NewPromise = { until: string; note: string; of?: 'line' | 'customer' | undefined };
export type PasswordAsk = { action: 'reveal' | 'rotate' };
export type PastSession = {
  id: string;
  session_id: string;
  started_at: string | null;
  ended_at: string | null;
  last_seen_at: string | null;
  seconds: number | null;
  download_octets: number;
  upload_octets: number;
  nas_address: string;
  framed_address: string | null;
  calling_station_id: string | null;
  group: string | null;
  terminate_cause: string | null;
  ended_because: string | null;
};
export type PastSessionPage = { data: readonly PastSession[]; page: number; page_size: number; total: number };
export type PlanMove = { service_plan_id: string; reason: string };
export type PppoePassword = { username: string; password: string };
export type RadiusSession = {
  session_id: string;
  nas_address: string;
  framed_address: string | null;
  calling_station_id: string | null;
  started_at: string | null;
  updated_at: string | null;
  input_octets: number;
  output_octets: number;
  group: string | null;
};
export type Subscription = {
  id: string;
  customer: { id: string; code: string; name: string };
  service_plan: { id: string; name: string };
  username: string;
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  reason: string | null;
  reason_code: string | null;
  generation: number | null;
  applied_generation: number | null;
  billing_mode: 'prepaid' | 'postpaid';
  due_date: number;
  next_due_date: string;
  monthly_fee: number;
  mac: string | null;
  router_id: string | null;
  erp_subscription: string | null;
  installed_at: string | null;
  activated_at: string | null;
  suspended_at: string | null;
  terminated_at: string | null;
  created_at: string;
};
export type SubscriptionDetail = Subscription & {
  links: readonly { kind: string; value: string; source: string; recorded_at: string }[];
  online: readonly RadiusSession[] | null;
  online_note: string | null;
};
export type SubscriptionUsage = {
  subscription_id: string;
  from: string;
  to: string;
  upload_octets: number;
  download_octets: number;
  days: readonly { day: string; upload_octets: number; download_octets: number }[];
  periods: readonly { month: string; upload_octets: number; download_octets: number }[];
  quota: {
    quota_octets: number;
    used_octets: number;
    action: 'isolate' | 'throttle' | null;
    begins_anew_at: string;
  } | null;
  valid_until: string | null;
  counted_at: string | null;
};
export type Validity = { valid_until: string | null; reason: string };

export type SubscriptionsOperations = {
  'GET /subscriptions': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      username?: string | undefined;
      state?: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated' | undefined;
      customer_id?: string | undefined;
      sort?: 'username' | '-username' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: { data: readonly Subscription[]; page: number; page_size: number; total: number };
  };
  'GET /subscriptions/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: SubscriptionDetail;
  };
  'GET /subscriptions/{id}/explain': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: Explanation;
  };
  'GET /subscriptions/{id}/sessions': {
    params: { id: string };
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      from?: string | undefined;
      to?: string | undefined;
      fields?: string | undefined;
    };
    answer: PastSessionPage;
  };
  'POST /subscriptions/{id}/activate': { params: { id: string }; body: ByHand; answer: Subscription };
  'POST /subscriptions/{id}/suspend': { params: { id: string }; body: ByHand; answer: Subscription };
  'POST /subscriptions/{id}/resume': { params: { id: string }; body: ByHand; answer: Subscription };
  'POST /subscriptions/{id}/terminate': { params: { id: string }; body: ByHand; answer: Subscription };
  'POST /subscriptions/{id}/change-plan': { params: { id: string }; body: PlanMove; answer: Subscription };
  'POST /subscriptions/{id}/password': { params: { id: string }; body: PasswordAsk; answer: PppoePassword };
  'GET /subscriptions/{id}/promises': {
    params: { id: string };
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'running' | 'kept' | 'broken' | 'withdrawn' | undefined;
      customer_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: PromisePage;
  };
  'POST /subscriptions/{id}/promises': { params: { id: string }; body: NewPromise; answer: PromiseToPay };
  'DELETE /subscriptions/{id}/promises/{promise_id}': {
    params: { id: string; promise_id: string };
    answer: PromiseToPay;
  };
  'GET /subscriptions/{id}/usage': {
    params: { id: string };
    query?: { from?: string | undefined; to?: string | undefined; fields?: string | undefined };
    answer: SubscriptionUsage;
  };
  'PUT /subscriptions/{id}/validity': {
    params: { id: string };
    body: Validity;
    answer: { valid_until: string | null };
  };
};
