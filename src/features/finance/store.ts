import type { Tx } from '#db/database.ts';
import type { FinanceRecordsTable } from '#db/tables/finance.ts';
import type { FinanceRecordQuery } from './schema.ts';

type Filter = Omit<FinanceRecordQuery, 'page' | 'page_size' | 'format'>;

const columns = [
  'id',
  'kind',
  'category',
  'amount',
  'account',
  'happened_on',
  'note',
  'posting_id',
  'recorded_by',
  'recorded_at',
  'reversed_by',
  'reversed_at',
  'reverse_reason',
] as const;
export type RecordRow = NonNullable<Awaited<ReturnType<typeof findRecord>>>;

const ofTenant = (tx: Tx, tenantId: string) => tx.selectFrom('finance_records').where('tenant_id', '=', tenantId);

/** What matches, the newest first. */
export function matching(tx: Tx, tenantId: string, { kind, category, account, state, from, to }: Filter) {
  let rows = ofTenant(tx, tenantId);
  if (kind !== undefined) rows = rows.where('kind', '=', kind);
  if (category !== undefined) rows = rows.where('category', '=', category);
  if (account !== undefined) rows = rows.where('account', '=', account);
  if (state !== undefined) rows = rows.where('reversed_at', state === 'posted' ? 'is' : 'is not', null);
  if (from !== undefined) rows = rows.where('happened_on', '>=', from);
  if (to !== undefined) rows = rows.where('happened_on', '<=', to);
  return rows.select(columns).orderBy('happened_on', 'desc').orderBy('recorded_at', 'desc').orderBy('id');
}

export const findRecord = (tx: Tx, tenantId: string, id: string) =>
  ofTenant(tx, tenantId).where('id', '=', id).select(columns).executeTakeFirst();

/** Locked, so that of two reversals at once the second sees the first. */
export const lockRecord = (tx: Tx, tenantId: string, id: string) =>
  ofTenant(tx, tenantId).where('id', '=', id).select(columns).forUpdate().executeTakeFirst();

type NewRow = Pick<
  FinanceRecordsTable,
  'tenant_id' | 'kind' | 'category' | 'account' | 'happened_on' | 'posting_id' | 'recorded_by'
> & { readonly id: string; readonly amount: bigint; readonly note: string };

export const insertRecord = (tx: Tx, row: NewRow): Promise<RecordRow> =>
  tx.insertInto('finance_records').values(row).returning(columns).executeTakeFirstOrThrow();

export const markReversed = (
  tx: Tx,
  tenantId: string,
  id: string,
  by: { readonly userId: string; readonly reason: string; readonly at: Date },
): Promise<RecordRow> =>
  tx
    .updateTable('finance_records')
    .set({ reversed_at: by.at, reversed_by: by.userId, reverse_reason: by.reason })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
