import type { Generated } from 'kysely';
import type { Defaulted, Maybe, MaybeAt } from '../columns.ts';

/** Of `tenants`: set while it is being deleted (spec T4). */
export type TenantDeletionColumns = {
  deletion_asked_at: MaybeAt;
  deletion_asked_by: Maybe<string>;
  deletion_waits_for: Maybe<string>;
};

export type TenantTombstonesTable = {
  id: string;
  subdomain: string;
  asked_at: Date;
  deleted_at: Defaulted<Date>;
  deleted_by: string;
  last_audit_seq: Maybe<bigint>;
  last_audit_hash: Maybe<Buffer>;
};

export type UsageMonthsTable = {
  tenant_id: string;
  /** `2026-11`, in the tenant's time zone. */
  month: string;
  subscribers_peak: number;
  subscribers_end: number;
  active_end: number;
  events: bigint;
  messages: bigint;
  counted_at: Date;
};

export type SchedulesTable = {
  id: Generated<string>;
  name: string;
  tenant_id: Maybe<string>;
  cron: string;
  zone: string;
  next_due_at: Date;
  retry_at: MaybeAt;
  attempts: Defaulted<number>;
  locked_until: MaybeAt;
  last_due_at: MaybeAt;
  last_run_at: MaybeAt;
  last_error: Maybe<string>;
};

export type PlatformTables = {
  tenant_tombstones: TenantTombstonesTable;
  usage_months: UsageMonthsTable;
  schedules: SchedulesTable;
};
