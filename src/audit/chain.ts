import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';

/** What the first link of a chain follows. */
export const noHash: Buffer = Buffer.alloc(32);

/** Rows of one chain: a tenant's, or (null) the platform's own. Written so that the index is used. */
export const ofChain = (column: string, tenantId: string | null): RawBuilder<boolean> =>
  tenantId === null ? sql`${sql.ref(column)} is null` : sql`${sql.ref(column)} = ${tenantId}::uuid`;

/** The chain as this transaction may only take it when no other process has it. */
export const chainLock = (tenantId: string | null): RawBuilder<boolean> =>
  sql`pg_try_advisory_xact_lock(hashtextextended(${tenantId ?? 'platform'}, 7))`;

/**
 * All that an entry says, as text that differs whenever any column does: a JSON array of the columns, each as text and
 * the time to the microsecond. `l` is `audit_logs`. Answers null where the entry is gone.
 */
export const entryText: RawBuilder<string | null> = sql`case when l.id is null then null else json_build_array(
  l.id::text, l.tenant_id::text, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), l.actor_kind,
  l.actor_id::text, l.actor_role, l.address, l.action, l.entity_type, l.entity_id, l.changes::text, l.correlation_id
)::text end`;

/** SHA-256 over the hash before and the entry's text. */
export const linkHash = (previous: Buffer, text: string): Buffer =>
  createHash('sha256').update(previous).update(text, 'utf8').digest();
