import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { keepCursor, pastOf, readCursor } from '#db/ledger-cursors.ts';
import { encodeFact } from '#db/stored-fact.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Followed } from '#inbox/follow-changes.ts';
import { customerOf } from '#inbox/record.ts';
import type { Fetched, LedgerFailure } from '#ports/ledger/port.ts';

/** Where the past was read to its end. No document is called so: Frappe takes no name with these marks. */
const end = '<end>';

/** A few pages each minute: years of bills are read within the hour, and the ledger has others to serve. */
const pagesAtATime = 10;

/**
 * Keeps documents that were settled before the hub came. One that is held stays as it is, for it was looked at; these are of
 * no version, so that whatever becomes of one has it looked at whole.
 */
async function keepSettled(tx: Tx, tenantId: string, settled: readonly Fetched[], askedAt: Date): Promise<void> {
  const rows = settled.map(({ version: { doctype, name }, fact }) => ({
    doctype,
    name,
    customer: customerOf(fact),
    fact: encodeFact(fact),
  }));
  await sql`
    insert into ledger_documents (tenant_id, doctype, name, customer, modified, fact, changed, fetched_at)
    select ${tenantId}, doctype, name, customer, '', fact::jsonb, true, ${askedAt}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (doctype text, name text, customer text, fact text)
    on conflict (tenant_id, doctype, name) do nothing`.execute(tx);
}

/**
 * Reads on in the past of a doctype: what was paid before the hub was connected, without which no statement and no sum over
 * months would be whole. Nothing is decided by it. Page and cursor are one transaction.
 */
export async function readPast(
  { db, clock, tenantId, ledger: { feed } }: Followed,
  doctype: string,
): Promise<Result<null, LedgerFailure>> {
  if (!feed) return err({ reason: 'rejected', detail: 'this ledger cannot be followed' });
  const key = pastOf(doctype);
  let after = await db.look(tenantId, (tx) => readCursor(tx, tenantId, key));
  for (let pages = 0; pages < pagesAtATime && after !== end; pages += 1) {
    const askedAt = new Date(clock());
    const page = await feed.history(doctype, after);
    if (!page.ok) return page;
    const cursor = page.value.after ?? end;
    await db.worker(tenantId, async (tx) => {
      await keepSettled(tx, tenantId, page.value.settled, askedAt);
      await keepCursor(tx, tenantId, { doctype: key, cursor, askedAt });
    });
    after = cursor;
  }
  return ok(null);
}
