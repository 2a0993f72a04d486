import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { decodeFact, encodeFact } from '#db/stored-fact.ts';
import type { DocumentVersion, Invoice, LedgerFact, Receipt } from '#domain/facts.ts';
import { lockDebt, markAgain, overtaken } from '#inbox/record-order.ts';

/** When the ledger was asked, and when it had answered (ms since 1970): what it said was true in between. */
export type Asked = { readonly askedAt: number; readonly answeredAt: number };
export type Found = Asked & { readonly version: DocumentVersion; readonly fact: LedgerFact };
export type Stored = {
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
  subscription: 'Subscription',
  customer: 'Customer',
  plan: 'Subscription Plan',
};

const customerOf = (fact: LedgerFact): string | null =>
  fact.kind === 'plan' ? null : fact.kind === 'customer' ? fact.name : fact.customer;

/** Facts that a debt is made of: a change of one makes an earlier reading of the customer worthless as evidence. */
const bears = (fact: LedgerFact | null): fact is Invoice | Receipt =>
  fact?.kind === 'invoice' || fact?.kind === 'receipt';

const creditIn = (fact: LedgerFact | null): boolean => {
  if (fact?.kind === 'receipt') return fact.submitted;
  return fact?.kind === 'invoice' && fact.submitted && fact.isReturn;
};

/** Whether going from `before` to `after` can make a debt come back without a new bill. */
export function takesCreditBack(before: LedgerFact | null, after: LedgerFact | null): boolean {
  if (creditIn(before) && !creditIn(after)) return true;
  if (before?.kind !== 'invoice' || after?.kind !== 'invoice' || !before.submitted || !after.submitted) return false;
  return after.outstanding > before.outstanding;
}

export async function readStored(
  tx: Tx,
  tenantId: string,
  doctype: string,
  names: readonly string[],
): Promise<Map<string, Stored>> {
  if (names.length === 0) return new Map();
  const rows = await tx
    .selectFrom('ledger_documents')
    .where('tenant_id', '=', tenantId)
    .where('doctype', '=', doctype)
    .where('name', 'in', names)
    .select(['name', 'fact', 'gone', 'changed', 'fetched_at'])
    .execute();
  return new Map(
    rows.map((row) => [
      row.name,
      {
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

/** Writes rows found at `askedAt`; what was asked for later stays (an older answer never brings an older truth back). */
export async function writeDocuments(tx: Tx, tenantId: string, rows: readonly Row[], askedAt: number): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('ledger_documents')
    .values(
      rows.map((row) => ({
        tenant_id: tenantId,
        doctype: row.doctype,
        name: row.name,
        customer: row.customer,
        modified: row.modified,
        fact: row.fact === null ? null : encodeFact(row.fact),
        gone: row.gone,
        changed: row.changed,
        fetched_at: new Date(askedAt),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'doctype', 'name'])
        .doUpdateSet((eb) => ({
          customer: sql<string | null>`coalesce(excluded.customer, ledger_documents.customer)`,
          modified: eb.ref('excluded.modified'),
          fact: sql<string | null>`coalesce(excluded.fact, ledger_documents.fact)`,
          gone: eb.ref('excluded.gone'),
          changed: eb.ref('excluded.changed'),
          fetched_at: eb.ref('excluded.fetched_at'),
        }))
        .whereRef('ledger_documents.fetched_at', '<=', 'excluded.fetched_at'),
    )
    .execute();
}

type CustomerNote = { readonly startedAt?: number; readonly changedAt?: number; readonly settlesAt?: number };

/** Notes about customers' readings; each moment only ever moves forward. */
export async function noteCustomers(tx: Tx, tenantId: string, notes: ReadonlyMap<string, CustomerNote>): Promise<void> {
  if (notes.size === 0) return;
  const at = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));
  await tx
    .insertInto('ledger_readings')
    .values(
      [...notes]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([customer, note]) => ({
          tenant_id: tenantId,
          customer,
          started_at: at(note.startedAt),
          changed_at: at(note.changedAt),
          settles_at: at(note.settlesAt),
        })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'customer']).doUpdateSet({
        started_at: sql<Date>`greatest(ledger_readings.started_at, excluded.started_at)`,
        changed_at: sql<Date>`greatest(ledger_readings.changed_at, excluded.changed_at)`,
        settles_at: sql<Date>`greatest(ledger_readings.settles_at, excluded.settles_at)`,
      }),
    )
    .execute();
}

/** What recording one document means for others. */
export type Recorded = { readonly changed: boolean; readonly customer: string | null };

/**
 * Records one document that was looked at by itself; null: the ledger has it no more. An answer that a newer reading has
 * overtaken is not recorded: the document is to be looked at again.
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
  if (bears(about)) await lockDebt(tx, tenantId, about.customer);
  const before = await readHeld();
  const changed = found
    ? before === null || before.gone || before.fact === null || encodeFact(before.fact) !== encodeFact(found.fact)
    : before !== null && !before.gone;
  const customer = fact ? customerOf(fact) : before?.fact ? customerOf(before.fact) : null;
  const isOfDebt = changed && customer !== null && (bears(fact) || bears(before?.fact ?? null));
  if (isOfDebt && (await overtaken(tx, tenantId, [customer], askedAt)).size > 0) {
    await markAgain(tx, tenantId, doctype, name);
    return { changed: false, customer };
  }
  await writeDocuments(
    tx,
    tenantId,
    [{ doctype, name, customer, modified: found?.version.modified ?? '', fact, gone: found === null, changed }],
    askedAt,
  );
  if (isOfDebt) {
    const takenBack = takesCreditBack(before?.gone ? null : (before?.fact ?? null), fact);
    await noteCustomers(
      tx,
      tenantId,
      new Map([[customer, { changedAt: answeredAt, ...(takenBack ? { settlesAt: answeredAt + settleMs } : {}) }]]),
    );
  }
  return { changed, customer };
}
