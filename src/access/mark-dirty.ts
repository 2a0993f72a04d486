import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

export type Mark = { readonly tenantId: string; readonly correlationId: string; readonly cause: string };

/**
 * Says "decide about these lines again". The mark is written in the transaction of the change that causes it, and stays
 * until a decision made after that change has been committed.
 */
export const markLines = (tx: Tx, { tenantId, correlationId, cause }: Mark, ids: readonly string[]): Promise<void> =>
  markEach(tx, { tenantId, cause }, new Map(ids.map((id) => [id, correlationId])));

/** The same for changes of several requests: by line the correlation id of its own. Sorted, so that two markers never deadlock. */
export async function markEach(
  tx: Tx,
  { tenantId, cause }: Omit<Mark, 'correlationId'>,
  correlationOf: ReadonlyMap<string, string>,
): Promise<void> {
  if (correlationOf.size === 0) return;
  const ids = [...correlationOf.keys()].sort();
  const correlations = ids.map((id) => correlationOf.get(id));
  await sql`
    insert into dirty_lines (tenant_id, subscription_id, correlation_id, cause)
    select ${tenantId}, id, correlation, ${cause}
    from unnest(${ids}::uuid[], ${correlations}::text[]) as i (id, correlation)
    on conflict (tenant_id, subscription_id) do update set correlation_id = excluded.correlation_id,
      cause = excluded.cause, not_before = least(dirty_lines.not_before, excluded.not_before)`.execute(tx);
}

/** What the hub asks of a ledger beside single documents; stored where a document's type stands. */
export const askCustomer = '@customer';
export const askLedger = '@ledger';
export const askSubscriptions = '@subscriptions';
export const askChanges = '@changes';

export type DirtyDocument = { readonly doctype: string; readonly name: string; readonly correlationId: string };

/**
 * Says "look at these documents again". Ten thousand marks before the next look are one look; a mark that comes while
 * somebody is looking makes one more look afterwards (`marks` tells).
 */
export async function markDocuments(tx: Tx, tenantId: string, documents: readonly DirtyDocument[]): Promise<void> {
  if (documents.length === 0) return;
  const key = (d: DirtyDocument): string => `${d.doctype}\u0000${d.name}`;
  const sorted = [...new Map(documents.map((d) => [key(d), d])).values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  await tx
    .insertInto('dirty_documents')
    .values(
      sorted.map((d) => ({ tenant_id: tenantId, doctype: d.doctype, name: d.name, correlation_id: d.correlationId })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'doctype', 'name']).doUpdateSet((eb) => ({
        correlation_id: eb.ref('excluded.correlation_id'),
        marks: sql<bigint>`dirty_documents.marks + 1`,
        not_before: sql<Date>`least(dirty_documents.not_before, excluded.not_before)`,
      })),
    )
    .execute();
}
