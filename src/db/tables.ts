import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { GatewayName } from '#domain/charge.ts';
import type { At, BigInteger, Defaulted, Json, Maybe, MaybeAt } from './columns.ts';
import type { AccessTables, UserAccessColumns } from './tables/access.ts';
import type { AssetTables } from './tables/assets.ts';
import type { AuditTables } from './tables/audit.ts';
import type { BillingTables } from './tables/billing.ts';
import type { CommissionTables } from './tables/commissions.ts';
import type { CustomerExtraColumns, CustomerTables, PlanExtraColumns } from './tables/customers.ts';
import type { DepositTables } from './tables/deposits.ts';
import type { DriftTables } from './tables/drift.ts';
import type { DunningTables } from './tables/dunning.ts';
import type { FieldWorkTables } from './tables/field-work.ts';
import type { FinanceTables } from './tables/finance.ts';
import type { GatewayTables } from './tables/gateways.ts';
import type { IdempotencyTables } from './tables/idempotency.ts';
import type { LatencyTables } from './tables/latency.ts';
import type { LeadTables } from './tables/leads.ts';
import type { LedgerPushTables } from './tables/ledger-push.ts';
import type { MessagesTables } from './tables/messages.ts';
import type { PlatformTables, TenantDeletionColumns } from './tables/platform.ts';
import type { PromisesTables } from './tables/promises.ts';
import type { ResellerDeskTables } from './tables/reseller-desk.ts';
import type { ResellerTables } from './tables/resellers.ts';
import type { SafetyTables } from './tables/safety.ts';
import type { SessionTables } from './tables/sessions.ts';
import type { UsageTables } from './tables/usage.ts';
import type { VoucherTables } from './tables/vouchers.ts';
import type { WatermarksTables } from './tables/watermarks.ts';
import type { WebhooksTables } from './tables/webhooks.ts';

// The bridge's tables, by hand; `tables.db.test.ts` holds them against information_schema.

export type TenantsTable = TenantDeletionColumns & {
  id: Generated<string>;
  name: string;
  subdomain: string;
  is_active: Defaulted<boolean>;
  settings: ColumnType<unknown, string | undefined, string>;
  data_key: string;
  created_at: At;
  updated_at: At;
};
export type CountersTable = { tenant_id: string; name: string; value: BigInteger };
export type UsersTable = UserAccessColumns & {
  id: Generated<string>;
  tenant_id: Maybe<string>;
  email: string;
  name: string;
  role: string;
  password_hash: string;
  is_active: Defaulted<boolean>;
  created_at: At;
};
export type RefreshTokensTable = {
  id: Generated<string>;
  tenant_id: Maybe<string>;
  user_id: string;
  family_id: string;
  epoch: Defaulted<number>;
  token_hash: Buffer;
  expires_at: Date;
  used_at: MaybeAt;
  revoked_at: MaybeAt;
  created_at: At;
  began_at: At;
  address: Maybe<string>;
  device: Maybe<string>;
};
export type ConnectionsTable = {
  tenant_id: string;
  system: 'erpnext' | 'freeradius' | 'inventree' | 'smtp' | GatewayName;
  settings: Json;
  secrets: string;
  previous_webhook_secret: Maybe<string>;
  rotated_at: MaybeAt;
  tested_at: MaybeAt;
  test_ok: Maybe<boolean>;
  test_text: Maybe<string>;
  updated_at: At;
};
export type NasTable = {
  id: Generated<string>;
  tenant_id: string;
  radius_db: string;
  name: string;
  address: string;
  secret: string;
  coa_address: Maybe<string>;
  coa_port: Defaulted<number>;
  type: Defaulted<string>;
  sign_coa: Defaulted<boolean>;
  require_message_authenticator: Defaulted<boolean>;
  last_answer_at: MaybeAt;
  last_silence_at: MaybeAt;
  silences: Defaulted<number>;
  deaf_since: MaybeAt;
  next_try_at: MaybeAt;
  heard_from: Maybe<string>;
  orders_per_second: Defaulted<number>;
  created_at: At;
};
export type ServicePlansTable = PlanExtraColumns & {
  id: Generated<string>;
  tenant_id: string;
  name: string;
  key: string;
  description: Defaulted<string>;
  down_kbps: number;
  up_kbps: number;
  price: BigInteger;
  billing_cycle: Defaulted<string>;
  features: ColumnType<unknown, string | undefined, string>;
  erp_item: Maybe<string>;
  burst: ColumnType<unknown, string | null | undefined, string | null>;
  priority: Maybe<number>;
  address_pool: Maybe<string>;
  quota_gb: Maybe<number>;
  is_active: Defaulted<boolean>;
  created_at: At;
  updated_at: At;
  deleted_at: MaybeAt;
};
export type CustomersTable = CustomerExtraColumns & {
  id: Generated<string>;
  tenant_id: string;
  customer_code: string;
  name: string;
  phone: string;
  address: string;
  email: Maybe<string>;
  notes: Defaulted<string>;
  erp_customer: Maybe<string>;
  created_at: At;
  updated_at: At;
  deleted_at: MaybeAt;
};
export type SubscriptionsTable = {
  id: Generated<string>;
  tenant_id: string;
  customer_id: string;
  service_plan_id: string;
  billing_mode: 'prepaid' | 'postpaid';
  due_day: number;
  monthly_fee: BigInteger;
  radius_db: string;
  username: string;
  canonical_username: string;
  password: string;
  mac: Maybe<string>;
  reply: ColumnType<unknown, string | undefined, string>;
  router_id: Maybe<string>;
  erp_subscription: Maybe<string>;
  installed_at: MaybeAt;
  activated_at: MaybeAt;
  suspended_at: MaybeAt;
  suspend_reason: Maybe<string>;
  terminated_at: MaybeAt;
  valid_until: MaybeAt;
  billed_to: Maybe<string>;
  created_at: At;
  updated_at: At;
};
export type BridgeLinksTable = {
  tenant_id: string;
  subscription_id: string;
  kind: 'erp_customer' | 'erp_subscription' | 'radius_username' | 'inventree_serial' | 'mac';
  value: string;
  source: string;
  recorded_at: At;
};
export type LedgerDocumentsTable = {
  tenant_id: string;
  doctype: string;
  name: string;
  customer: Maybe<string>;
  modified: string;
  fact: ColumnType<unknown, string | null, string | null>;
  gone: Defaulted<boolean>;
  changed: boolean;
  fetched_at: Date;
  id: Generated<string>;
};
export type LedgerReadingsTable = {
  tenant_id: string;
  customer: string;
  started_at: MaybeAt;
  changed_at: MaybeAt;
  settles_at: MaybeAt;
};
export type AccessTable = {
  tenant_id: string;
  subscription_id: string;
  state: string;
  desired: Json;
  reason: Json;
  evidence: Json;
  hash: string;
  generation: BigInteger;
  decided_at: Date;
  applied_generation: Maybe<bigint>;
  applied_at: MaybeAt;
};
export type InboxTable = {
  id: GeneratedAlways<bigint>;
  tenant_id: string;
  source: string;
  dedup: Buffer;
  raw: Buffer;
  doctype: string;
  name: string;
  event: string;
  modified: string;
  state: 'new' | 'done' | 'ignored' | 'dead';
  error: Maybe<string>;
  correlation_id: string;
  received_at: At;
  consumed_at: MaybeAt;
};
export type DirtyDocumentsTable = {
  tenant_id: string;
  doctype: string;
  name: string;
  correlation_id: string;
  since: At;
  not_before: At;
  marks: ColumnType<bigint, bigint | undefined, bigint>;
  attempts: Defaulted<number>;
  locked_until: MaybeAt;
  error: Maybe<string>;
};
export type DirtyLinesTable = {
  tenant_id: string;
  subscription_id: string;
  correlation_id: string;
  cause: string;
  since: At;
  not_before: At;
};
export type WakesTable = { tenant_id: string; subscription_id: string; at: Date; cut_at: MaybeAt };
export type OutboxTable = {
  id: GeneratedAlways<bigint>;
  tenant_id: string;
  kind: string;
  key: string;
  subscription_id: Maybe<string>;
  intent: Json;
  generation: BigInteger;
  urgency: number;
  state: ColumnType<OutboxState, OutboxState | undefined, OutboxState>;
  attempts: Defaulted<number>;
  next_at: At;
  locked_until: MaybeAt;
  error: Maybe<string>;
  correlation_id: string;
  created_at: At;
  finished_at: MaybeAt;
  nas_id: Maybe<string>;
};
export type OutboxState = 'ready' | 'running' | 'done' | 'superseded' | 'dead';
export type TimelineTable = {
  id: GeneratedAlways<bigint>;
  tenant_id: string;
  subscription_id: string;
  at: At;
  kind: string;
  text: string;
  correlation_id: string;
  data: ColumnType<unknown, string | undefined, string>;
};

type FirstTables = {
  tenants: TenantsTable;
  counters: CountersTable;
  users: UsersTable;
  refresh_tokens: RefreshTokensTable;
  connections: ConnectionsTable;
  nas: NasTable;
  service_plans: ServicePlansTable;
  customers: CustomersTable;
  subscriptions: SubscriptionsTable;
  bridge_links: BridgeLinksTable;
  ledger_documents: LedgerDocumentsTable;
  ledger_readings: LedgerReadingsTable;
  access: AccessTable;
  inbox: InboxTable;
  dirty_documents: DirtyDocumentsTable;
  dirty_lines: DirtyLinesTable;
  wakes: WakesTable;
  outbox: OutboxTable;
  timeline: TimelineTable;
};

/** Every table; newer rooms describe theirs in a file of `tables/`. */
export interface Tables
  extends FirstTables,
    AccessTables,
    AssetTables,
    AuditTables,
    BillingTables,
    VoucherTables,
    CommissionTables,
    CustomerTables,
    DepositTables,
    DriftTables,
    DunningTables,
    GatewayTables,
    FieldWorkTables,
    FinanceTables,
    IdempotencyTables,
    LatencyTables,
    LeadTables,
    LedgerPushTables,
    MessagesTables,
    PromisesTables,
    ResellerDeskTables,
    ResellerTables,
    SafetyTables,
    SessionTables,
    WatermarksTables,
    UsageTables,
    WebhooksTables,
    PlatformTables {}
