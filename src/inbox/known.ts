import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { decodeFact } from '#db/stored-fact.ts';
import type { Known } from '#ports/ledger/port.ts';

/** What the bridge holds of documents that were open when last seen. */
export type Held = {
  /** `isCredit`: what would come to be owed if it were gone. */
  readonly open: readonly { readonly doctype: string; readonly name: string; readonly isCredit: boolean }[];
  /** They need not be read whole again. */
  readonly known: Known;
};

const keyOf = (v: { doctype: string; name: string; modified: string }): string =>
  [v.doctype, v.name, v.modified].join('\u0000');

export const ofCustomer = (customer: string | null) => (customer === null ? sql`true` : sql`customer = ${customer}`);

/** In force, and neither paid nor used up. */
export const isOpenRow = sql`(fact ->> 'submitted')::boolean and coalesce(fact ->> 'outstanding', fact ->> 'unallocated') <> '0'`;

/** Open documents of a customer (null: of everybody). */
export async function readHeld(tx: Tx, tenantId: string, customer: string | null): Promise<Held> {
  const { rows } = await sql<HeldRow & { readonly isCredit: boolean }>`
    select doctype, name, modified, fact, coalesce(fact ->> 'kind' = 'receipt' or (fact ->> 'isReturn')::boolean, false) as "isCredit"
    from ledger_documents
    where tenant_id = ${tenantId} and ${ofCustomer(customer)} and not gone and ${isOpenRow}`.execute(tx);
  return { open: rows, known: knownOf(rows) };
}

type HeldRow = {
  readonly doctype: string;
  readonly name: string;
  readonly modified: string;
  readonly fact: unknown;
};

function knownOf(rows: readonly HeldRow[]): Known {
  const stored = new Map<string, unknown>(rows.map((row) => [keyOf(row), row.fact]));
  return (version) => {
    const fact = stored.get(keyOf(version));
    return fact === undefined ? undefined : decodeFact(fact);
  };
}

/** All documents of a doctype that are held. */
export async function readKnown(tx: Tx, tenantId: string, doctype: string): Promise<Known> {
  const { rows } = await sql<HeldRow>`
    select doctype, name, modified, fact from ledger_documents
    where tenant_id = ${tenantId} and doctype = ${doctype} and not gone and fact is not null`.execute(tx);
  return knownOf(rows);
}
