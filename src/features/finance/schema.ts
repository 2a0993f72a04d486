import { z } from '@hono/zod-openapi';
import { accounts } from '#domain/accounts.ts';
import { Amount, PageQuery, pageOf } from '#platform/routing.ts';
import { filledText, storedText } from '#platform/stored-text.ts';

/** Where a tenant's own money can be. */
export const moneyAccounts = ['cash', 'bank', 'qris', 'e_wallet', 'gateway', 'clearing'] as const;
const MoneyAccount = z.enum(moneyAccounts);
const AnyAccount = z.enum(Object.keys(accounts) as (keyof typeof accounts)[]);
const Kind = z.enum(['expense', 'other_income']);
const category = filledText(60).trim();
const at = z.iso.datetime();
const day = z.iso.date();
const exampleId = '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10';

export const NewFinanceRecord = z
  .strictObject({
    kind: Kind,
    category: category.openapi({ description: 'In your own words; the same word is the same category' }),
    amount: Amount,
    account: MoneyAccount.openapi({ description: 'Where the money came from, or went to' }),
    happened_on: day.openapi({ description: 'By the calendar of the tenant; not after today' }),
    note: storedText(500).default(''),
  })
  .openapi('NewFinanceRecord', {
    example: { kind: 'expense', category: 'Listrik', amount: 750_000, account: 'bank', happened_on: '2026-11-05' },
  });
export type NewFinanceRecord = z.infer<typeof NewFinanceRecord>;

export const FinanceRecord = z
  .object({
    id: z.uuid(),
    kind: Kind,
    category: z.string(),
    amount: z.int(),
    account: z.string(),
    happened_on: day,
    note: z.string(),
    state: z.enum(['posted', 'reversed']),
    recorded_by: z.uuid(),
    recorded_at: at,
    reversed_by: z.uuid().nullable(),
    reversed_at: at.nullable(),
    reverse_reason: z.string().nullable(),
  })
  .openapi('FinanceRecord', {
    example: {
      id: exampleId,
      kind: 'expense',
      category: 'Listrik',
      amount: 750_000,
      account: 'bank',
      happened_on: '2026-11-05',
      note: '',
      state: 'posted',
      recorded_by: '16fd2706-8baf-433b-82eb-8c7fada847da',
      recorded_at: '2026-11-05T03:10:00.000Z',
      reversed_by: null,
      reversed_at: null,
      reverse_reason: null,
    },
  });
export type FinanceRecord = z.infer<typeof FinanceRecord>;

export const Reversal = z
  .strictObject({ reason: filledText(200) })
  .openapi('FinanceReversal', { example: { reason: 'Entered twice' } });

const format = z.enum(['json', 'csv']).default('json').openapi({ description: '`csv`: the whole of it as a table' });
export const FinanceRecordQuery = PageQuery.omit({ search: true }).extend({
  kind: Kind.optional(),
  category: category.optional(),
  account: MoneyAccount.optional(),
  state: z.enum(['posted', 'reversed']).optional(),
  from: day.optional(),
  to: day.optional(),
  format,
});
export type FinanceRecordQuery = z.infer<typeof FinanceRecordQuery>;
export const FinanceRecordPage = pageOf(FinanceRecord).openapi('FinanceRecordPage');
export type FinanceRecordPage = z.infer<typeof FinanceRecordPage>;

export const SpanQuery = z.object({
  from: day.optional().openapi({ description: 'Left out: the first day of the month of `to`' }),
  to: day.optional().openapi({ description: 'Left out: today' }),
  format,
});
export type SpanQuery = z.infer<typeof SpanQuery>;

const Line = z.object({ account: AnyAccount, category: z.string().nullable(), amount: z.int() });
const span = { from: day, to: day, currency: z.string() };

export const ProfitAndLoss = z
  .object({
    ...span,
    income: z.array(Line),
    expenses: z.array(Line),
    total_income: z.int(),
    total_expenses: z.int(),
    profit: z.int(),
  })
  .openapi('ProfitAndLoss', {
    example: {
      from: '2026-11-01',
      to: '2026-11-30',
      currency: 'IDR',
      income: [{ account: 'revenue', category: null, amount: 15_000_000 }],
      expenses: [{ account: 'expense', category: 'Listrik', amount: 750_000 }],
      total_income: 15_000_000,
      total_expenses: 750_000,
      profit: 14_250_000,
    },
  });
export type ProfitAndLoss = z.infer<typeof ProfitAndLoss>;

const flow = { in: z.int(), out: z.int() };
export const CashFlow = z
  .object({
    ...span,
    accounts: z.array(z.object({ account: AnyAccount, opening: z.int(), ...flow, closing: z.int() })),
    movements: z.array(z.object({ kind: z.string(), ...flow })),
    opening: z.int(),
    ...flow,
    closing: z.int(),
  })
  .openapi('CashFlow', {
    example: {
      from: '2026-11-01',
      to: '2026-11-30',
      currency: 'IDR',
      accounts: [{ account: 'cash', opening: 0, in: 300_000, out: 50_000, closing: 250_000 }],
      movements: [
        { kind: 'payment', in: 300_000, out: 0 },
        { kind: 'expense', in: 0, out: 50_000 },
      ],
      opening: 0,
      in: 300_000,
      out: 50_000,
      closing: 250_000,
    },
  });
export type CashFlow = z.infer<typeof CashFlow>;

const buckets = {
  not_due: z.int().openapi({ description: 'Of bills that are not due yet' }),
  days_0_30: z.int(),
  days_31_60: z.int(),
  days_61_90: z.int(),
  over_90: z.int(),
  credit: z.int().openapi({ description: 'Below zero: paid in and on no bill' }),
  total: z.int(),
};
export const AgingRow = z.object({
  customer: z.object({ id: z.uuid(), code: z.string(), name: z.string() }),
  ...buckets,
});
export type AgingRow = z.infer<typeof AgingRow>;
const money = { not_due: 0, days_0_30: 150_000, days_31_60: 0, days_61_90: 0, over_90: 0, credit: 0, total: 150_000 };
export const Aging = pageOf(AgingRow)
  .extend({ as_of: day, currency: z.string(), totals: z.object(buckets) })
  .openapi('Aging', {
    example: {
      data: [{ customer: { id: exampleId, code: 'KCB-CKP010225-001', name: 'Budi' }, ...money }],
      page: 1,
      page_size: 10,
      total: 1,
      as_of: '2026-11-30',
      currency: 'IDR',
      totals: money,
    },
  });
export type Aging = z.infer<typeof Aging>;
const asOf = day.optional().openapi({ description: 'Left out: today' });
export const AgingQuery = PageQuery.omit({ search: true }).extend({ as_of: asOf, format });
export type AgingQuery = z.infer<typeof AgingQuery>;

export const BalanceQuery = z.object({ as_of: asOf, format });
export type BalanceQuery = z.infer<typeof BalanceQuery>;
export const Balance = z
  .object({
    as_of: day,
    currency: z.string(),
    accounts: z.array(z.object({ account: AnyAccount, debit: z.int(), credit: z.int(), balance: z.int() })),
    difference: z.int().openapi({ description: 'Debits less credits; anything but 0 is a fault of the books' }),
    unbalanced_postings: z.int(),
  })
  .openapi('TrialBalance', {
    example: {
      as_of: '2026-11-30',
      currency: 'IDR',
      accounts: [
        { account: 'cash', debit: 300_000, credit: 50_000, balance: 250_000 },
        { account: 'revenue', debit: 0, credit: 250_000, balance: -250_000 },
      ],
      difference: 0,
      unbalanced_postings: 0,
    },
  });
export type Balance = z.infer<typeof Balance>;
