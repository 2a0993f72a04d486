import type { Defaulted, Maybe, MaybeAt } from '../columns.ts';

export type EnforcementsTable = {
  tenant_id: string;
  subscription_id: string;
  generation: bigint;
  kind: 'suspend' | 'restore';
  nas: Maybe<string>;
  correlation_id: string;
  received_at: MaybeAt;
  decided_at: Date;
  rows_at: MaybeAt;
  acked_at: MaybeAt;
  session_at: MaybeAt;
  counted: Defaulted<boolean>;
};

export type LatencyBucketsTable = {
  tenant_id: string;
  nas: string;
  kind: string;
  step: string;
  le_ms: number;
  count: bigint;
  sum_ms: number;
};

export type LatencyTables = { enforcements: EnforcementsTable; latency_buckets: LatencyBucketsTable };
