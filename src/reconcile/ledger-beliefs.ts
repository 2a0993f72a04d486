import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** A document as the bridge holds it. */
export type HeldDocument = {
  readonly modified: string;
  readonly gone: boolean;
  /** Of a bill what is outstanding, of a receipt what is not allocated. */
  readonly amount: bigint | null;
  /** A debt would come back without it. */
  readonly isCredit: boolean;
  readonly cancelled: boolean;
};

/** What the hub believes of one doctype; names are folded as `foldName` folds them. */
export type Beliefs = {
  readonly documents: ReadonlyMap<string, HeldDocument>;
  /** Names that the ledger must list if all is as the hub believes, with the line that stands on each, where it is one. */
  readonly expected: ReadonlyMap<string, { readonly name: string; readonly subscriptionId: string | null }>;
  /** Somebody is about to look at these. */
  readonly marked: ReadonlySet<string>;
};

/** ERPNext takes names that differ in case alone for the same. */
export const foldName = (name: string): string => name.trimEnd().toLowerCase();

const isOpen = sql`not gone and (fact ->> 'submitted')::boolean
  and coalesce(fact ->> 'outstanding', fact ->> 'unallocated') <> '0'`;

type DocumentRow = {
  readonly name: string;
  readonly modified: string;
  readonly gone: boolean;
  readonly amount: string | null;
  readonly is_credit: boolean;
  readonly cancelled: boolean;
};

/** Settled bills and used-up receipts are years of them, and decide nothing: of those only what is open is held here. */
async function documentsOf(tx: Tx, tenantId: string, doctype: string, which: RawBuilder<unknown>) {
  const { rows } = await sql<DocumentRow>`
    select name, modified, gone, coalesce(fact ->> 'outstanding', fact ->> 'unallocated') as amount,
      coalesce(fact ->> 'kind' = 'receipt' or (fact ->> 'isReturn')::boolean, false) as is_credit,
      coalesce((fact ->> 'cancelled')::boolean, false) as cancelled
    from ledger_documents where tenant_id = ${tenantId} and doctype = ${doctype} and ${which}`.execute(tx);
  return rows.map((row) => ({
    name: row.name,
    held: {
      modified: row.modified,
      gone: row.gone,
      amount: row.amount === null ? null : BigInt(row.amount),
      isCredit: row.is_credit,
      cancelled: row.cancelled,
    },
  }));
}

type Expected = { readonly name: string; readonly subscriptionId: string | null };

const linkedCustomers = (tx: Tx, tenantId: string) =>
  sql<Expected>`select distinct erp_customer as name, null as "subscriptionId" from customers
    where tenant_id = ${tenantId} and erp_customer is not null and deleted_at is null`.execute(tx);

const servedSubscriptions = (tx: Tx, tenantId: string) =>
  sql<Expected>`select erp_subscription as name, id as "subscriptionId" from subscriptions
    where tenant_id = ${tenantId} and erp_subscription is not null and terminated_at is null`.execute(tx);

async function markedOf(tx: Tx, tenantId: string, doctype: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('dirty_documents')
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', doctype)
    .select('name')
    .execute();
  return new Set(rows.map(({ name }) => foldName(name)));
}

export async function readBeliefs(tx: Tx, tenantId: string, doctype: string): Promise<Beliefs> {
  const linked = doctype === 'Customer' ? linkedCustomers : doctype === 'Subscription' ? servedSubscriptions : null;
  const [documents, links, marked] = await Promise.all([
    documentsOf(tx, tenantId, doctype, linked === null ? isOpen : sql`true`),
    linked?.(tx, tenantId),
    markedOf(tx, tenantId, doctype),
  ]);
  const expected: readonly Expected[] = links?.rows ?? documents.map(({ name }) => ({ name, subscriptionId: null }));
  return {
    documents: new Map(documents.map(({ name, held }) => [foldName(name), held])),
    expected: new Map(expected.map((one) => [foldName(one.name), one])),
    marked,
  };
}

/** When the ledger was last read whole; null: never. */
export async function lastReading(tx: Tx, tenantId: string): Promise<Date | null> {
  const row = await tx
    .selectFrom('ledger_readings')
    .where('tenant_id', '=', tenantId)
    .where('customer', '=', '')
    .select('started_at')
    .executeTakeFirst();
  return row?.started_at ?? null;
}
