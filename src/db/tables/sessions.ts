import type { At, BigInteger, Maybe, MaybeAt } from '../columns.ts';

export type ChangedSessionsTable = {
  tenant_id: string;
  unique_id: string;
  subscription_id: string;
  group_name: string;
  rate_limit: string;
  rows_generation: BigInteger;
  generation: BigInteger;
  asked_at: At;
  answered_at: MaybeAt;
  refused_at: MaybeAt;
  watch_until: MaybeAt;
  seen_at: MaybeAt;
  seen_input: Maybe<bigint>;
  seen_output: Maybe<bigint>;
};

export type SessionTables = { changed_sessions: ChangedSessionsTable };
