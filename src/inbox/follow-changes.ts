import { sql } from 'kysely';
import { markDocuments } from '#access/mark-dirty.ts';
import type { Database, Tx } from '#db/database.ts';
import { keepCursor, readCursor } from '#db/ledger-cursors.ts';
import type { DocumentVersion } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Clock } from '#platform/clock.ts';
import type { Ledger, LedgerFailure } from '#ports/ledger/port.ts';

/** What following a tenant's ledger works with. */
export type Followed = {
  readonly db: Database;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly ledger: Ledger;
};

/** A statement has 65,535 parameters at most; a mark has four. */
const marksAtATime = 5_000;

/** What an entry moves was not always kept: one that was read before is as good as unknown. */
const isWhole = sql`(fact ->> 'kind' is distinct from 'journal' or fact ? 'moves')`;

/** Of these, what the bridge does not hold in just this version: webhooks have brought most of them long ago. */
async function unknownOf(
  tx: Tx,
  tenantId: string,
  doctype: string,
  versions: readonly DocumentVersion[],
): Promise<readonly DocumentVersion[]> {
  if (versions.length === 0) return [];
  const names = versions.map(({ name }) => name);
  const { rows } = await sql<{ name: string; modified: string }>`
    select name, modified from ledger_documents
    where tenant_id = ${tenantId} and doctype = ${doctype} and name = any(${names}) and ${isWhole}`.execute(tx);
  const held = new Map(rows.map(({ name, modified }) => [name, modified]));
  return versions.filter(({ name, modified }) => held.get(name) !== modified);
}

/**
 * Asks what of a doctype was changed and marks what is not known yet; the cursor moves in the same transaction, so a
 * process that dies in between asks again. Answers how many documents were marked.
 */
export async function noteChanges(
  { db, clock, tenantId, ledger }: Followed,
  doctype: string,
  correlationId: string,
): Promise<Result<number, LedgerFailure>> {
  if (!ledger.feed) return err({ reason: 'rejected', detail: 'this ledger cannot be followed' });
  const askedAt = new Date(clock());
  const changes = await ledger.feed.changes(
    doctype,
    await db.look(tenantId, (tx) => readCursor(tx, tenantId, doctype)),
  );
  if (!changes.ok) return changes;
  const { versions, cursor } = changes.value;
  return db.worker(tenantId, async (tx) => {
    const fresh = await unknownOf(tx, tenantId, doctype, versions);
    for (let from = 0; from < fresh.length; from += marksAtATime) {
      const some = fresh.slice(from, from + marksAtATime);
      await markDocuments(
        tx,
        tenantId,
        some.map(({ name }) => ({ doctype, name, correlationId })),
      );
    }
    await keepCursor(tx, tenantId, { doctype, cursor, askedAt });
    return ok(fresh.length);
  });
}
