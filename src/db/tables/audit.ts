import type { GeneratedAlways } from 'kysely';
import type { At, DefaultedJson } from '../columns.ts';

export type AuditLogsTable = {
  id: GeneratedAlways<bigint>;
  tenant_id: string;
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

export type AuditTables = { audit_logs: AuditLogsTable };
