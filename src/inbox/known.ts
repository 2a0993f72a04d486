import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { decodeFact } from '#db/stored-fact.ts';
import type { LedgerFact } from '#domain/facts.ts';
import type { Found } from '#inbox/record.ts';
import type { Known } from '#ports/ledger/port.ts';

const keyOf = (v: { doctype: string; name: string; modified: string }): string =>
  [v.doctype, v.name, v.modified].join('\u0000');

/** What the bridge holds of a customer's documents (null: of everybody's), so that they need not be read whole again. */
export async function knownDocuments(
  db: Database,
  tenantId: string,
  customer: string | null,
  justFound: readonly Found[] = [],
): Promise<Known> {
  const rows = await db.worker(tenantId, (tx) => {
    const held = tx
      .selectFrom('ledger_documents')
      .where('tenant_id', '=', tenantId)
      .where('gone', '=', false)
      .where('fact', 'is not', null)
      .select(['doctype', 'name', 'modified', 'fact']);
    return (customer === null ? held : held.where('customer', '=', customer)).execute();
  });
  const stored = new Map<string, unknown>(rows.map((row) => [keyOf(row), row.fact]));
  const found = new Map<string, LedgerFact>(justFound.map(({ version, fact }) => [keyOf(version), fact]));
  return (version) => {
    const key = keyOf(version);
    const held = stored.get(key);
    return found.get(key) ?? (held === undefined ? undefined : decodeFact(held));
  };
}

/** Documents of a customer (null: of everybody) that were open when last seen. */
export async function openDocuments(
  db: Database,
  tenantId: string,
  customer: string | null,
): Promise<readonly { readonly doctype: string; readonly name: string }[]> {
  const rows = await db.worker(tenantId, (tx) => {
    const open = tx
      .selectFrom('ledger_documents')
      .where('tenant_id', '=', tenantId)
      .where('gone', '=', false)
      .where(
        sql<boolean>`(fact ->> 'submitted')::boolean and coalesce(fact ->> 'outstanding', fact ->> 'unallocated') <> '0'`,
      )
      .select(['doctype', 'name']);
    return (customer === null ? open : open.where('customer', '=', customer)).execute();
  });
  return rows;
}
