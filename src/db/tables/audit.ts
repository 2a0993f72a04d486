import type { GeneratedAlways } from 'kysely';
import type { At, DefaultedJson, Maybe } from '../columns.ts';

/** `tenant_id` null: what a platform owner did to the platform itself. */
export type AuditLogsTable = {
  id: GeneratedAlways<bigint>;
  tenant_id: Maybe<string>;
  at: At;
  actor_kind: 'user' | 'key';
  actor_id: string;
  actor_role: string;
  address: string;
  action: string;
  entity_type: string;
  entity_id: string;
  changes: DefaultedJson;
  correlation_id: string;
};
export type AuditPendingTable = { tenant_id: Maybe<string>; entry_id: bigint; entry_at: Date };
export type AuditChainTable = {
  tenant_id: Maybe<string>;
  seq: bigint;
  entry_id: bigint;
  entry_at: Date;
  prev_hash: Buffer;
  hash: Buffer;
  linked_at: At;
};
/** Where a chain begins once old months were dropped. */
export type AuditBasesTable = {
  tenant_id: Maybe<string>;
  seq: bigint;
  hash: Buffer;
  entries_before: Date;
  dropped_at: At;
};

export type AuditTables = {
  audit_bases: AuditBasesTable;
  audit_logs: AuditLogsTable;
  audit_pending: AuditPendingTable;
  audit_chain: AuditChainTable;
};
