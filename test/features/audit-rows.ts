import type { TestBridge } from '#test/setup/bridge.ts';

export type AuditRow = {
  readonly action: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly actor_role: string;
  readonly address: string;
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
};

/** A tenant's audit log, oldest first. */
export const auditRows = (look: TestBridge['look'], tenantId: string): Promise<AuditRow[]> =>
  look<AuditRow>(
    `select action, entity_type, entity_id, actor_role, address, changes from audit_logs where tenant_id = $1 order by id`,
    [tenantId],
  );
