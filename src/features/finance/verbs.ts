import { randomUUID } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { mapPage, readPage } from '#db/page.ts';
import type { Account } from '#domain/accounts.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { FinanceRecord, FinanceRecordPage, FinanceRecordQuery, NewFinanceRecord } from './schema.ts';
import { findRecord, insertRecord, lockRecord, markReversed, matching, type RecordRow } from './store.ts';

type Deed = {
  readonly kind: string;
  readonly idemKey: string;
  readonly postedOn: string;
  readonly sourceId: string;
  readonly postedBy: string;
  readonly memo: string;
};
type Side = { readonly account: Account; readonly amount: bigint; readonly category?: string };

/** The books that the hub keeps, as this room writes into them. */
export type Books = {
  readonly post: (
    tx: Tx,
    tenantId: string,
    postings: readonly (Deed & { readonly entries: readonly Side[] })[],
  ) => Promise<readonly string[]>;
  readonly postBack: (tx: Tx, tenantId: string, postingId: string, back: Deed) => Promise<unknown>;
};

export type FinanceDeps = { readonly db: Database; readonly clock: Clock; readonly books: Books };

const elsewhere =
  'ERPNext is the ledger of this tenant: its own Journal Entries, Profit and Loss, Cash Flow and Trial Balance have this.';

type Calendar = { readonly today: string; readonly currency: string };

/** The tenant's calendar and currency; refuses where ERPNext keeps the books (spec L7). */
export async function bookkeeping(tx: Tx, tenantId: string, now: number): Promise<Calendar> {
  if ((await ledgerKind(tx, tenantId)) === 'erpnext') throw new Refusal('CONFLICT', elsewhere, { ledger: 'erpnext' });
  return calendarOf(tx, tenantId, now);
}

/** The same for what the hub knows whoever keeps the books. */
export async function calendarOf(tx: Tx, tenantId: string, now: number): Promise<Calendar> {
  const query = tx.selectFrom('tenants').where('id', '=', tenantId).select('settings');
  const { currency, time_zone: zone } = readTenantSettings((await query.executeTakeFirstOrThrow()).settings);
  return { today: localDate(now, zone), currency };
}

export const recordView = ({ posting_id: _, amount, recorded_at, reversed_at, ...row }: RecordRow): FinanceRecord => ({
  ...row,
  amount: Number(amount),
  state: reversed_at === null ? 'posted' : 'reversed',
  recorded_at: recorded_at.toISOString(),
  reversed_at: reversed_at?.toISOString() ?? null,
});

/** An expense leaves the account that paid it, other income comes into the one that got it. */
function entriesOf({ kind, category, account }: NewFinanceRecord, amount: bigint): readonly Side[] {
  return kind === 'expense'
    ? [
        { account: 'expense', amount, category },
        { account, amount: -amount },
      ]
    : [
        { account, amount },
        { account: 'other_income', amount: -amount, category },
      ];
}

/** Writes an expense or other income into the books. It is never changed: what was wrong is reversed, and written anew. */
export function addRecord(
  { db, clock, books }: FinanceDeps,
  who: Who,
  input: NewFinanceRecord,
): Promise<FinanceRecord> {
  demand(who.caller, 'finance:write');
  const { tenantId, caller } = who;
  return db.tenant(tenantId, async (tx) => {
    const { today } = await bookkeeping(tx, tenantId, clock());
    if (input.happened_on > today) throw invalid('happened_on', `is after today, ${today}`);
    const id = randomUUID();
    const amount = BigInt(input.amount);
    const deed = { kind: input.kind, idemKey: `finance ${id}`, postedOn: input.happened_on, sourceId: id };
    const [posting] = await books.post(tx, tenantId, [
      { ...deed, postedBy: caller.userId, memo: input.note, entries: entriesOf(input, amount) },
    ]);
    if (posting === undefined) throw new Error('A posting was written and has no id.');
    const row = { ...input, amount, id, tenant_id: tenantId, posting_id: posting, recorded_by: caller.userId };
    const made = recordView(await insertRecord(tx, row));
    await record(tx, who, { action: 'create', entity: 'finance_record', id, after: made });
    return made;
  });
}

/** Takes a record back, on the day on which it had been posted: the figures are as if it had never been. */
export function reverseRecord(
  { db, clock, books }: FinanceDeps,
  who: Who,
  id: string,
  reason: string,
): Promise<FinanceRecord> {
  demand(who.caller, 'finance:write');
  const { tenantId, caller } = who;
  return db.tenant(tenantId, async (tx) => {
    await bookkeeping(tx, tenantId, clock());
    const before = await lockRecord(tx, tenantId, id);
    if (!before) throw notFound('finance record');
    if (before.reversed_at !== null) throw new Refusal('CONFLICT', 'This was reversed already.');
    await books.postBack(tx, tenantId, before.posting_id, {
      kind: before.kind,
      idemKey: `finance ${id} reversed`,
      postedOn: before.happened_on,
      sourceId: id,
      postedBy: caller.userId,
      memo: reason,
    });
    const row = await markReversed(tx, tenantId, id, { userId: caller.userId, reason, at: new Date(clock()) });
    const after = recordView(row);
    await record(tx, who, { action: 'update', entity: 'finance_record', id, before: recordView(before), after });
    return after;
  });
}

export async function showRecord({ db, clock }: FinanceDeps, who: Who, id: string): Promise<FinanceRecord> {
  demand(who.caller, 'finance:read');
  return db.tenant(who.tenantId, async (tx) => {
    await bookkeeping(tx, who.tenantId, clock());
    const row = await findRecord(tx, who.tenantId, id);
    if (!row) throw notFound('finance record');
    return recordView(row);
  });
}

export async function listRecords(
  { db, clock }: FinanceDeps,
  who: Who,
  query: FinanceRecordQuery,
): Promise<FinanceRecordPage> {
  demand(who.caller, 'finance:read');
  return db.tenant(who.tenantId, async (tx) => {
    await bookkeeping(tx, who.tenantId, clock());
    return mapPage(await readPage(matching(tx, who.tenantId, query), query), recordView);
  });
}
