import { type ExpressionBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';
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

async function readPage(tx: Tx, query: AuditQuery) {
  const direction = query.sort === 'at' ? 'asc' : 'desc';
  return tx
    .selectFrom('audit_logs')
    .leftJoin('users', 'users.id', 'audit_logs.actor_id')
    .where(matches(query))
    .selectAll('audit_logs')
    .select(['users.name as actor_name', isLinked.as('linked')])
    .orderBy('audit_logs.at', direction)
    .orderBy('audit_logs.id', direction)
    .limit(query.page_size)
    .offset((query.page - 1) * query.page_size)
    .execute();
}
type Row = Awaited<ReturnType<typeof readPage>>[number];

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

export async function listEntries(tx: Tx, query: AuditQuery): Promise<AuditPage> {
  const { total } = await tx
    .selectFrom('audit_logs')
    .where(matches(query))
    .select((eb) => eb.fn.countAll<bigint>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await readPage(tx, query);
  return { data: rows.map(entryOf), page: query.page, page_size: query.page_size, total: Number(total) };
}
