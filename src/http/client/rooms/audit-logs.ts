// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type AuditEntry = {
  id: string;
  at: string;
  action: string;
  entity_type: string;
  entity_id: string;
  actor: { kind: 'user' | 'key'; id: string; role: string; name: string | null };
  address: string;
  changes: Readonly<Record<string, { old?: unknown | undefined; new?: unknown | undefined }>>;
  correlation_id: string;
  tenant_id: string | null;
  linked: boolean;
};
export type AuditPage = { data: readonly AuditEntry[]; page: number; page_size: number; total: number };

export type AuditLogsOperations = {
  'GET /audit-logs': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      actor_id?: string | undefined;
      action?: string | undefined;
      entity_type?: string | undefined;
      entity_id?: string | undefined;
      from?: string | undefined;
      to?: string | undefined;
      sort?: 'at' | '-at' | undefined;
      fields?: string | undefined;
    };
    answer: AuditPage;
  };
};
