import { sql } from 'kysely';
import type { Database, Tx } from '#db/database.ts';
import { backOffMs } from '#domain/retry.ts';

export type ClaimedDocument = {
  readonly tenantId: string;
  readonly doctype: string;
  readonly name: string;
  readonly correlationId: string;
  readonly marks: bigint;
  readonly attempts: number;
  /** All that its mark stands for, as far as is known, is one delivery, which was consumed with it. */
  readonly isOfOneDelivery: boolean;
};

export type DocumentRow = {
  readonly tenant_id: string;
  readonly doctype: string;
  readonly name: string;
  readonly correlation_id: string;
  readonly marks: bigint;
  readonly attempts: number;
  /** How many were consumed with the mark; left out: none. */
  readonly deliveries?: number;
};

export const documentOf = (row: DocumentRow): ClaimedDocument => ({
  tenantId: row.tenant_id,
  doctype: row.doctype,
  name: row.name,
  correlationId: row.correlation_id,
  marks: row.marks,
  attempts: row.attempts,
  isOfOneDelivery: row.deliveries === 1,
});

/**
 * Leases due documents of active tenants; a worker that dies gives them back when the lease ends. They are changed by their
 * place: joined by key, a plan made while there were few read all that are marked for each of them, and a burst of 10,000
 * waited for its claims. One that is marked again meanwhile stands elsewhere by then and is left for the next turn.
 */
export const claimDocuments = (db: Database, leaseMs: number, limit: number): Promise<readonly ClaimedDocument[]> =>
  db.claim(async (tx) => {
    const { rows } = await sql<DocumentRow>`
      update dirty_documents d set locked_until = now() + ${leaseMs} * interval '1 ms', attempts = d.attempts + 1
      where d.ctid = any(array(
        select c.ctid from dirty_documents c join tenants t on t.id = c.tenant_id and t.is_active
        where c.not_before <= now() and (c.locked_until is null or c.locked_until < now())
        order by c.not_before limit ${limit} for update of c skip locked
      ))
      returning d.tenant_id, d.doctype, d.name, d.correlation_id, d.marks, d.attempts`.execute(tx);
    return rows.map(documentOf);
  });

/** Keeps the lease of one tenant's documents while `work` goes on: a long sweep is not done twice, a dead worker gives them back soon. */
export async function withLease<T>(
  db: Database,
  documents: readonly ClaimedDocument[],
  leaseMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const tenantId = documents[0]?.tenantId ?? null;
  const doctypes = documents.map(({ doctype }) => doctype);
  const names = documents.map(({ name }) => name);
  // What somebody is just ending is left out: nobody waits for one of them while others are held.
  const renew = (): Promise<unknown> =>
    db.claim((tx) =>
      sql`
        update dirty_documents d set locked_until = now() + ${leaseMs} * interval '1 ms'
        where d.ctid = any(array(
          select c.ctid from dirty_documents c
          join unnest(${doctypes}::text[], ${names}::text[]) as k (doctype, name) using (doctype, name)
          where c.tenant_id = ${tenantId} and c.locked_until is not null for update of c skip locked
        ))`.execute(tx),
    );
  // A renewal that fails is the next one's business; without any the lease ends, as it should.
  const timer = setInterval(() => renew().catch(() => undefined), leaseMs / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

const thisDocument = (tx: Tx, document: ClaimedDocument) =>
  tx
    .updateTable('dirty_documents')
    .where('tenant_id', '=', document.tenantId)
    .where('doctype', '=', document.doctype)
    .where('name', '=', document.name);

/**
 * In the transaction that records what was found: the mark goes, unless another came meanwhile. Answers whether it went.
 * Counted anew after somebody else's look, marks may be as many as before; what the newest came with tells them apart.
 */
export async function finishDocument(tx: Tx, document: ClaimedDocument): Promise<boolean> {
  const { tenantId, doctype, name, marks, correlationId } = document;
  const { numAffectedRows = 0n } = await sql`
    delete from dirty_documents where tenant_id = ${tenantId} and doctype = ${doctype} and name = ${name}
      and marks = ${marks} and correlation_id = ${correlationId}`.execute(tx);
  if (numAffectedRows > 0n) return true;
  await thisDocument(tx, document).set({ locked_until: null, attempts: 0, error: null }).execute();
  return false;
}

/** A ledger that is away is asked again this often at least: whoever paid meanwhile waits for it. */
const awayCapMs = 30_000;

/** Nothing was found out: look again later. What is known stays as it is, so nobody is cut on it. */
export async function postponeDocument(
  tx: Tx,
  document: ClaimedDocument,
  error: string,
  waitMs?: number,
): Promise<void> {
  const ms = waitMs ?? backOffMs(document.attempts, Math.random(), awayCapMs);
  await thisDocument(tx, document)
    .set({ locked_until: null, error, not_before: sql<Date>`now() + ${ms} * interval '1 ms'` })
    .execute();
}
