import type { Generated } from 'kysely';
import type { BigInteger, Defaulted, Maybe, MaybeAt } from '../columns.ts';

export type PromiseState = 'running' | 'kept' | 'broken' | 'withdrawn';
export type PromisesTable = {
  id: Generated<string>;
  tenant_id: string;
  customer_id: string;
  subscription_id: Maybe<string>;
  until: string;
  note: Maybe<string>;
  state: Defaulted<PromiseState>;
  recorded_by: string;
  recorded_at: Date;
  ended_at: MaybeAt;
};
export type CutNoticesTable = {
  tenant_id: string;
  subscription_id: string;
  invoice: string;
  amount: BigInteger;
  due_date: string;
  state: Defaulted<'wanted' | 'queued' | 'delivered' | 'undeliverable' | 'overridden'>;
  at: Date;
  message_id: Maybe<string>;
  detail: Maybe<string>;
  by_user: Maybe<string>;
};
export type SourceSizesTable = {
  tenant_id: string;
  source: 'subscriptions';
  rows: number;
  read_at: Date;
  expected: number;
  expected_at: Date;
};

/** What keeps cuts back beside the brake, and what it weighs the ledger by. */
export type PromisesTables = {
  promises: PromisesTable;
  cut_notices: CutNoticesTable;
  source_sizes: SourceSizesTable;
};
