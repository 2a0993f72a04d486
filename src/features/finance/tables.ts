import { demand, type Who } from '#platform/caller.ts';
import { csvOf } from '#platform/csv.ts';
import type { Aging, Balance, CashFlow, FinanceRecordQuery, ProfitAndLoss } from './schema.ts';
import { matching } from './store.ts';
import { bookkeeping, type FinanceDeps, recordView } from './verbs.ts';

// The same figures as tables for a spreadsheet: `csvOf` makes cells harmless that begin like a formula (SEC-16).

/** All records that match, however many pages they would be. */
export function recordsTable({ db, clock }: FinanceDeps, who: Who, query: FinanceRecordQuery): Promise<string> {
  demand(who.caller, 'finance:read');
  return db.tenant(who.tenantId, async (tx) => {
    await bookkeeping(tx, who.tenantId, clock());
    const rows = (await matching(tx, who.tenantId, query).execute()).map(recordView);
    const header = ['date', 'kind', 'category', 'account', 'amount', 'note', 'state', 'reverse_reason', 'id'];
    return csvOf(
      header,
      rows.map((row) => [
        row.happened_on,
        row.kind,
        row.category,
        row.account,
        row.amount,
        row.note,
        row.state,
        row.reverse_reason,
        row.id,
      ]),
    );
  });
}

export const profitAndLossTable = ({ income, expenses, ...sums }: ProfitAndLoss): Promise<string> =>
  csvOf(
    ['part', 'account', 'category', 'amount'],
    [
      ...income.map(({ account, category, amount }) => ['income', account, category, amount]),
      ...expenses.map(({ account, category, amount }) => ['expenses', account, category, amount]),
      ['total income', null, null, sums.total_income],
      ['total expenses', null, null, sums.total_expenses],
      ['profit', null, null, sums.profit],
    ],
  );

export const cashFlowTable = ({ accounts, opening, in: got, out, closing }: CashFlow): Promise<string> =>
  csvOf(
    ['account', 'opening', 'in', 'out', 'closing'],
    [
      ...accounts.map((row) => [row.account, row.opening, row.in, row.out, row.closing]),
      ['total', opening, got, out, closing],
    ],
  );

const buckets = ['not_due', 'days_0_30', 'days_31_60', 'days_61_90', 'over_90', 'credit', 'total'] as const;

export const agingTable = ({ data, totals }: Aging): Promise<string> =>
  csvOf(
    ['customer_code', 'customer', ...buckets],
    [
      ...data.map((row) => [row.customer.code, row.customer.name, ...buckets.map((bucket) => row[bucket])]),
      ['total', null, ...buckets.map((bucket) => totals[bucket])],
    ],
  );

export const balanceTable = ({ accounts, difference }: Balance): Promise<string> =>
  csvOf(
    ['account', 'debit', 'credit', 'balance'],
    [
      ...accounts.map((row) => [row.account, row.debit, row.credit, row.balance]),
      ['difference', null, null, difference],
    ],
  );
