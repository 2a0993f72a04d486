import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { decodeFact, encodeFact } from '#db/stored-fact.ts';
import type { DocumentVersion, Invoice, LedgerFact, Receipt } from '#domain/facts.ts';
import { lockDebt, markAgain, overtaken } from '#inbox/record-order.ts';
import { appendCommissionOfEntries, type ChangedEntry } from '#outbox/append-commission.ts';

/** When the ledger was asked, and when it had answered (ms since 1970): what it said was true in between. */
export type Asked = { readonly askedAt: number; readonly answeredAt: number };
export type Found = Asked & { readonly version: DocumentVersion; readonly fact: LedgerFact };
export type Stored = {
  readonly customer: string | null;
  readonly fact: LedgerFact | null;
  readonly gone: boolean;
  readonly changed: boolean;
  readonly fetchedAt: number;
};

/** Debt that comes back because a payment or credit was taken back cuts nobody for so long (spec B3). */
export const settleMs = 300_000;

export const doctypeOf: Record<LedgerFact['kind'], string> = {
  invoice: 'Sales Invoice',
  receipt: 'Payment Entry',
  refund: 'Payment Entry',
  subscription: 'Subscription',
  customer: 'Customer',
  plan: 'Subscription Plan',
  journal: 'Journal Entry',
};

/** The ledger's name of whom a fact is about; null: nobody. */
export const customerOf = (fact: LedgerFact): string | null =>
  fact.kind === 'plan' ? null : fact.kind === 'customer' ? fact.name : fact.customer;

/** Facts that a debt is made of: a change of one makes an earlier reading of the customer worthless as evidence. */
const bears = (fact: LedgerFact | null): fact is Invoice | Receipt =>
  fact?.kind === 'invoice' || fact?.kind === 'receipt';

/** Whether a debt would come back if this were gone. */
export const creditIn = (fact: LedgerFact | null): boolean => {
  if (fact?.kind === 'receipt') return fact.submitted;
  return fact?.kind === 'invoice' && fact.submitted && fact.isReturn;
};

/** Whether going from `before` to `after` can make a debt come back without a new bill. */
export function takesCreditBack(before: LedgerFact | null, after: LedgerFact | null): boolean {
  if (creditIn(before) && !creditIn(after)) return true;
  if (before?.kind !== 'invoice' || after?.kind !== 'invoice' || !before.submitted || !after.submitted) return false;
  return after.outstanding > before.outstanding;
}

type StoredRow = {
  readonly name: string;
  readonly customer: string | null;
  readonly fact: unknown;
  readonly gone: boolean;
  readonly changed: boolean;
  readonly fetched_at: Date;
};

export async function readStored(
  tx: Tx,
  tenantId: string,
  doctype: string,
  names: readonly string[],
): Promise<Map<string, Stored>> {
  const [only] = names;
  if (only === undefined) return new Map();
  // Asked for by its whole key: of a list, a plan made while there were few reads all of the doctype for each look.
  const isNamed = names.length === 1 ? sql`name = ${only}` : sql`name = any(${names})`;
  const { rows } = await sql<StoredRow>`
    select name, customer, fact, gone, changed, fetched_at from ledger_documents
    where tenant_id = ${tenantId} and doctype = ${doctype} and ${isNamed}`.execute(tx);
  return new Map(
    rows.map((row) => [
      row.name,
      {
        customer: row.customer,
        fact: row.fact === null ? null : decodeFact(row.fact),
        gone: row.gone,
        changed: row.changed,
        fetchedAt: row.fetched_at.getTime(),
      },
    ]),
  );
}

type Row = {
  readonly doctype: string;
  readonly name: string;
  readonly customer: string | null;
  readonly modified: string;
  readonly fact: LedgerFact | null;
  readonly gone: boolean;
  readonly changed: boolean;
};

/** Receipts among what was written: what resellers earn by them is to be looked at. */
const changedEntries = (rows: readonly Row[]): readonly ChangedEntry[] =>
  rows.flatMap(({ doctype, name, customer, fact }) => {
    if (doctype !== doctypeOf.receipt || customer === null) return [];
    return { name, customer, paidOn: fact?.kind === 'receipt' ? (fact.paidOn ?? null) : null };
  });

/** Writes rows found at `askedAt`; what was asked for later stays (an older answer never brings an older truth back). */
export async function writeDocuments(tx: Tx, tenantId: string, rows: readonly Row[], askedAt: number): Promise<void> {
  if (rows.length === 0) return;
  const written = rows.map(({ fact, ...row }) => ({ ...row, fact: fact === null ? null : encodeFact(fact) }));
  await sql`
    insert into ledger_documents as held (tenant_id, doctype, name, customer, modified, fact, gone, changed, fetched_at)
    select ${tenantId}, doctype, name, customer, modified, fact::jsonb, gone, changed, ${new Date(askedAt)}
    from jsonb_to_recordset(${JSON.stringify(written)}::jsonb)
      as r (doctype text, name text, customer text, modified text, fact text, gone boolean, changed boolean)
    on conflict (tenant_id, doctype, name) do update set customer = coalesce(excluded.customer, held.customer),
      modified = excluded.modified, fact = coalesce(excluded.fact, held.fact), gone = excluded.gone,
      changed = excluded.changed, fetched_at = excluded.fetched_at
    where held.fetched_at <= excluded.fetched_at`.execute(tx);
  await appendCommissionOfEntries(tx, tenantId, changedEntries(rows));
}

export type CustomerNote = { readonly startedAt?: number; readonly changedAt?: number; readonly settlesAt?: number };

/** Notes about customers' readings; each moment only ever moves forward. */
export async function noteCustomers(tx: Tx, tenantId: string, notes: ReadonlyMap<string, CustomerNote>): Promise<void> {
  if (notes.size === 0) return;
  const at = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
  const rows = [...notes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([customer, note]) => ({
      customer,
      started: at(note.startedAt),
      changed: at(note.changedAt),
      settles: at(note.settlesAt),
    }));
  await sql`
    insert into ledger_readings as held (tenant_id, customer, started_at, changed_at, settles_at)
    select ${tenantId}, customer, started, changed, settles from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (customer text, started timestamptz, changed timestamptz, settles timestamptz)
    on conflict (tenant_id, customer) do update set started_at = greatest(held.started_at, excluded.started_at),
      changed_at = greatest(held.changed_at, excluded.changed_at),
      settles_at = greatest(held.settles_at, excluded.settles_at)`.execute(tx);
}

/** What recording one document means for others. */
export type Recorded = { readonly changed: boolean; readonly customer: string | null };

/**
 * Records one document that was looked at by itself; null: the ledger has it no more. An answer that a newer reading, or a
 * newer look at the same document, has overtaken is not recorded: the document is to be looked at again.
 */
export async function recordDocument(
  tx: Tx,
  tenantId: string,
  doctype: string,
  name: string,
  found: Found | null,
  { askedAt, answeredAt }: Asked,
): Promise<Recorded> {
  const fact = found?.fact ?? null;
  const readHeld = async () => (await readStored(tx, tenantId, doctype, [name])).get(name) ?? null;
  const about = fact ?? (await readHeld())?.fact ?? null;
  const debtor = bears(about) ? about.customer : null;
  // Begun together, they run one after the other: what is read is read under the lock.
  const [, before, isOvertaken] = await Promise.all([
    debtor === null ? null : lockDebt(tx, tenantId, debtor),
    readHeld(),
    debtor === null ? null : overtaken(tx, tenantId, [debtor], askedAt),
  ]);
  if (before && before.fetchedAt > askedAt) {
    await markAgain(tx, tenantId, doctype, name);
    return { changed: false, customer: debtor };
  }
  const changed = found
    ? before === null || before.gone || before.fact === null || encodeFact(before.fact) !== encodeFact(found.fact)
    : before !== null && !before.gone;
  const customer = fact ? customerOf(fact) : before?.fact ? customerOf(before.fact) : null;
  const isOfDebt = changed && customer !== null && (bears(fact) || bears(before?.fact ?? null));
  if (isOfDebt && isOvertaken?.(customer)) {
    await markAgain(tx, tenantId, doctype, name);
    return { changed: false, customer };
  }
  const row = { doctype, name, customer, modified: found?.version.modified ?? '', fact, gone: found === null, changed };
  const notes = new Map<string, CustomerNote>();
  if (isOfDebt) {
    const takenBack = takesCreditBack(before?.gone ? null : (before?.fact ?? null), fact);
    notes.set(customer, { changedAt: answeredAt, ...(takenBack ? { settlesAt: answeredAt + settleMs } : {}) });
  }
  await Promise.all([writeDocuments(tx, tenantId, [row], askedAt), noteCustomers(tx, tenantId, notes)]);
  return { changed, customer };
}
