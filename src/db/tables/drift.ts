import type { Generated } from 'kysely';
import type { ReconcileScope } from '#domain/drift.ts';
import type { At, Defaulted, DefaultedJson, Maybe, MaybeAt } from '../columns.ts';

export type ReconciliationsTable = {
  id: Generated<string>;
  tenant_id: string;
  scope: ReconcileScope;
  state: Defaulted<'waiting' | 'running' | 'done' | 'failed'>;
  asked_by: string;
  correlation_id: string;
  asked_at: At;
  started_at: MaybeAt;
  finished_at: MaybeAt;
  locked_until: MaybeAt;
  checked: Defaulted<number>;
  found: DefaultedJson;
  error: Maybe<string>;
};

export type DriftTable = {
  id: Generated<string>;
  tenant_id: string;
  run_id: string;
  kind: string;
  subject: string;
  subscription_id: Maybe<string>;
  was: string;
  should_be: string;
  why: string;
  action: 'repaired' | 'reported' | 'adopted';
  since: Date;
  found_at: Date;
  times: Defaulted<number>;
  resolved_at: MaybeAt;
};

export type DriftTables = { reconciliations: ReconciliationsTable; drift: DriftTable };
