import type { Maybe, MaybeAt } from '../columns.ts';

export type UsageDaysTable = {
  tenant_id: string;
  subscription_id: string;
  /** A date of the tenant's calendar. */
  day: string;
  input_octets: bigint;
  output_octets: bigint;
};

export type UsageSessionsTable = {
  tenant_id: string;
  subscription_id: string;
  row_id: bigint;
  told_at: Date;
  input_octets: bigint;
  output_octets: bigint;
  read_at: Date;
};

export type UsageReadsTable = { tenant_id: string; read_at: MaybeAt; whole_at: MaybeAt };

export type RouterHearingsTable = {
  tenant_id: string;
  address: string;
  heard_at: Date;
  unbroken_since: Date;
  interval_seconds: Maybe<number>;
};

export type DescribedLinesTable = {
  tenant_id: string;
  subscription_id: string;
  customer_id: string;
  customer_at: Date;
  radius_db: string;
};

export type UsageTables = {
  described_lines: DescribedLinesTable;
  usage_days: UsageDaysTable;
  usage_sessions: UsageSessionsTable;
  usage_reads: UsageReadsTable;
  router_hearings: RouterHearingsTable;
};
