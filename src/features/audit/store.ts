import { type ExpressionBuilder, type InferResult, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { mapPage, orderOf, readPage } from '#db/page.ts';
import type { Tables } from '#db/tables.ts';
import type { AuditEntry, AuditPage, AuditQuery } from './schema.ts';

/** What row-level security leaves of the log, narrowed down by the query. */
const matches =
  ({ actor_id, action, entity_type, entity_id, from, to, search }: AuditQuery) =>
  (eb: ExpressionBuilder<Tables, 'audit_logs'>) =>
    eb.and([
      ...(actor_id ? [eb('audit_logs.actor_id', '=', actor_id)] : []),
      ...(action ? [eb('audit_logs.action', '=', action)] : []),
      ...(entity_type ? [eb('audit_logs.entity_type', '=', entity_type)] : []),
      ...(entity_id ? [eb('audit_logs.entity_id', '=', entity_id)] : []),
      ...(from ? [eb('audit_logs.at', '>=', new Date(from))] : []),
      ...(to ? [eb('audit_logs.at', '<', new Date(to))] : []),
      ...(search
        ? [
            sql<boolean>`strpos(lower(concat_ws(' ', audit_logs.action, audit_logs.entity_type, audit_logs.entity_id,
              audit_logs.correlation_id)), lower(${search})) > 0`,
          ]
        : []),
    ]);

const isLinked = sql<boolean>`exists (select from audit_chain c
  where c.tenant_id is not distinct from audit_logs.tenant_id and c.entry_id = audit_logs.id)`;

function matching(tx: Tx, query: AuditQuery) {
  const { column, direction } = orderOf(query.sort);
  return tx
    .selectFrom('audit_logs')
    .leftJoin('users', 'users.id', 'audit_logs.actor_id')
    .where(matches(query))
    .selectAll('audit_logs')
    .select(['users.name as actor_name', isLinked.as('linked')])
    .orderBy(`audit_logs.${column}`, direction)
    .orderBy('audit_logs.id', direction);
}
type Row = InferResult<ReturnType<typeof matching>>[number];

const entryOf = (row: Row): AuditEntry => ({
  id: row.id.toString(),
  at: row.at.toISOString(),
  action: row.action,
  entity_type: row.entity_type,
  entity_id: row.entity_id,
  actor: { kind: row.actor_kind, id: row.actor_id, role: row.actor_role, name: row.actor_name },
  address: row.address,
  // Written by `record` alone, field by field.
  changes: row.changes as AuditEntry['changes'],
  correlation_id: row.correlation_id,
  tenant_id: row.tenant_id,
  linked: row.linked,
});

export const listEntries = async (tx: Tx, query: AuditQuery): Promise<AuditPage> =>
  mapPage(await readPage(matching(tx, query), query), entryOf);
