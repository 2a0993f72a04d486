import type { Tx } from '#db/database.ts';
import { accounts } from '#domain/accounts.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid } from '#platform/refusal.ts';
import { type AgingLine, agingLines, agingTotals, type Buckets } from './aging.ts';
import { balances, moneyMoved, moneyMovedBy, type Span, type Summed, sumsBetween, unbalanced } from './figures.ts';
import type {
  Aging,
  AgingQuery,
  AgingRow,
  Balance,
  BalanceQuery,
  CashFlow,
  ProfitAndLoss,
  SpanQuery,
} from './schema.ts';
import { bookkeeping, calendarOf, type FinanceDeps } from './verbs.ts';

type Room = Span & { readonly tx: Tx; readonly today: string; readonly currency: string };

/** The span that was asked for: this month up to today where nothing is said. */
function spanOf({ from, to }: Pick<SpanQuery, 'from' | 'to'>, today: string): Span {
  const last = to ?? today;
  const first = from ?? `${last.slice(0, 7)}-01`;
  if (first > last) throw invalid('from', `is after ${last}`);
  return { from: first, to: last };
}

function reading<T>(
  { db, clock }: FinanceDeps,
  who: Who,
  span: Pick<SpanQuery, 'from' | 'to'>,
  work: (room: Room) => Promise<T>,
): Promise<T> {
  demand(who.caller, 'finance:read');
  return db.tenant(who.tenantId, async (tx) => {
    const books = await bookkeeping(tx, who.tenantId, clock());
    return work({ ...books, ...spanOf(span, books.today), tx });
  });
}

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((all, amount) => all + amount, 0n);

/** Income less expenses: the sum of all entries on accounts of these two kinds, turned round (spec L7). */
export const profitAndLoss = (deps: FinanceDeps, who: Who, query: SpanQuery): Promise<ProfitAndLoss> =>
  reading(deps, who, query, async ({ tx, from, to, currency }) => {
    const sums = await sumsBetween(tx, who.tenantId, { from, to });
    const of = (kind: 'income' | 'expense', sign: bigint): readonly Summed[] =>
      sums.filter(({ account }) => accounts[account] === kind).map((one) => ({ ...one, amount: sign * one.amount }));
    const [income, expenses] = [of('income', -1n), of('expense', 1n)];
    const [earned, spent] = [income, expenses].map((lines) => total(lines.map(({ amount }) => amount)));
    const shown = (lines: readonly Summed[]) => lines.map((line) => ({ ...line, amount: Number(line.amount) }));
    return {
      from,
      to,
      currency,
      income: shown(income),
      expenses: shown(expenses),
      total_income: Number(earned),
      total_expenses: Number(spent),
      profit: Number((earned ?? 0n) - (spent ?? 0n)),
    };
  });

/** What the accounts that hold money had, got, gave and have. */
export const cashFlow = (deps: FinanceDeps, who: Who, query: SpanQuery): Promise<CashFlow> =>
  reading(deps, who, query, async ({ tx, from, to, currency }) => {
    const [moved, kinds] = await Promise.all([
      moneyMoved(tx, who.tenantId, { from, to }),
      moneyMovedBy(tx, who.tenantId, { from, to }),
    ]);
    const rows = moved.map(({ account, opening, in: got, out: gave }) => ({
      account,
      opening: Number(opening),
      in: Number(got),
      out: Number(gave),
      closing: Number(opening + got - gave),
    }));
    const sum = (key: 'opening' | 'in' | 'out' | 'closing'): number => rows.reduce((all, row) => all + row[key], 0);
    const movements = kinds.map(({ kind, in: got, out: gave }) => ({ kind, in: Number(got), out: Number(gave) }));
    const totals = { opening: sum('opening'), in: sum('in'), out: sum('out'), closing: sum('closing') };
    return { from, to, currency, accounts: rows, movements, ...totals };
  });

const bucketsOf = (row: Buckets): Omit<AgingRow, 'customer'> => ({
  not_due: Number(row.not_due),
  days_0_30: Number(row.days_0_30),
  days_31_60: Number(row.days_31_60),
  days_61_90: Number(row.days_61_90),
  over_90: Number(row.over_90),
  credit: Number(row.credit),
  total: Number(row.total),
});
const agingView = ({ id, code, name, ...row }: AgingLine): AgingRow => ({
  customer: { id, code, name },
  ...bucketsOf(row),
});

/** What customers owe, by how long it has been due, whoever keeps the books: it sums to their accounts. */
export const aging = ({ db, clock }: FinanceDeps, who: Who, query: AgingQuery): Promise<Aging> => {
  demand(who.caller, 'finance:read');
  return db.tenant(who.tenantId, async (tx) => {
    const { today, currency } = await calendarOf(tx, who.tenantId, clock());
    const { page, page_size, as_of: asOf = today, format } = query;
    const part = format === 'csv' ? { limit: null, offset: 0 } : { limit: page_size, offset: (page - 1) * page_size };
    const [lines, totals] = await Promise.all([
      agingLines(tx, who.tenantId, asOf, part),
      agingTotals(tx, who.tenantId, asOf),
    ]);
    const data = lines.map(agingView);
    return { data, page, page_size, total: totals.count, as_of: asOf, currency, totals: bucketsOf(totals) };
  });
};

/** Whether the books balance, account by account. */
export const balance = (deps: FinanceDeps, who: Who, query: BalanceQuery): Promise<Balance> =>
  reading(deps, who, {}, async ({ tx, today, currency }) => {
    const asOf = query.as_of ?? today;
    const [rows, wrong] = await Promise.all([balances(tx, who.tenantId, asOf), unbalanced(tx, who.tenantId)]);
    const shown = rows.map(({ account, debit, credit }) => ({
      account,
      debit: Number(debit),
      credit: Number(credit),
      balance: Number(debit - credit),
    }));
    const difference = Number(total(rows.map(({ debit, credit }) => debit - credit)));
    return { as_of: asOf, currency, accounts: shown, difference, unbalanced_postings: wrong };
  });
