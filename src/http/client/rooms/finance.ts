// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Aging = {
  data: readonly {
    customer: { id: string; code: string; name: string };
    not_due: number;
    days_0_30: number;
    days_31_60: number;
    days_61_90: number;
    over_90: number;
    credit: number;
    total: number;
  }[];
  page: number;
  page_size: number;
  total: number;
  as_of: string;
  currency: string;
  totals: {
    not_due: number;
    days_0_30: number;
    days_31_60: number;
    days_61_90: number;
    over_90: number;
    credit: number;
    total: number;
  };
};
export type CashFlow = {
  from: string;
  to: string;
  currency: string;
  accounts: readonly {
    account:
      | 'receivable'
      | 'cash'
      | 'bank'
      | 'qris'
      | 'e_wallet'
      | 'gateway'
      | 'clearing'
      | 'erpnext'
      | 'deposits'
      | 'unearned'
      | 'commissions_payable'
      | 'tax_payable'
      | 'revenue'
      | 'fees'
      | 'other_income'
      | 'expense'
      | 'rounding';
    opening: number;
    in: number;
    out: number;
    closing: number;
  }[];
  movements: readonly { kind: string; in: number; out: number }[];
  opening: number;
  in: number;
  out: number;
  closing: number;
};
export type FinanceRecord = {
  id: string;
  kind: 'expense' | 'other_income';
  category: string;
  amount: number;
  account: string;
  happened_on: string;
  note: string;
  state: 'posted' | 'reversed';
  recorded_by: string;
  recorded_at: string;
  reversed_by: string | null;
  reversed_at: string | null;
  reverse_reason: string | null;
};
export type FinanceRecordPage = { data: readonly FinanceRecord[]; page: number; page_size: number; total: number };
export type FinanceReversal = { reason: string };
export type NewFinanceRecord = {
  kind: 'expense' | 'other_income';
  category: string;
  amount: number;
  account: 'cash' | 'bank' | 'qris' | 'e_wallet' | 'gateway' | 'clearing';
  happened_on: string;
  note?: string | undefined;
};
export type ProfitAndLoss = {
  from: string;
  to: string;
  currency: string;
  income: readonly {
    account:
      | 'receivable'
      | 'cash'
      | 'bank'
      | 'qris'
      | 'e_wallet'
      | 'gateway'
      | 'clearing'
      | 'erpnext'
      | 'deposits'
      | 'unearned'
      | 'commissions_payable'
      | 'tax_payable'
      | 'revenue'
      | 'fees'
      | 'other_income'
      | 'expense'
      | 'rounding';
    category: string | null;
    amount: number;
  }[];
  expenses: readonly {
    account:
      | 'receivable'
      | 'cash'
      | 'bank'
      | 'qris'
      | 'e_wallet'
      | 'gateway'
      | 'clearing'
      | 'erpnext'
      | 'deposits'
      | 'unearned'
      | 'commissions_payable'
      | 'tax_payable'
      | 'revenue'
      | 'fees'
      | 'other_income'
      | 'expense'
      | 'rounding';
    category: string | null;
    amount: number;
  }[];
  total_income: number;
  total_expenses: number;
  profit: number;
};
export type TrialBalance = {
  as_of: string;
  currency: string;
  accounts: readonly {
    account:
      | 'receivable'
      | 'cash'
      | 'bank'
      | 'qris'
      | 'e_wallet'
      | 'gateway'
      | 'clearing'
      | 'erpnext'
      | 'deposits'
      | 'unearned'
      | 'commissions_payable'
      | 'tax_payable'
      | 'revenue'
      | 'fees'
      | 'other_income'
      | 'expense'
      | 'rounding';
    debit: number;
    credit: number;
    balance: number;
  }[];
  difference: number;
  unbalanced_postings: number;
};

export type FinanceOperations = {
  'POST /finance/records': { body: NewFinanceRecord; answer: FinanceRecord };
  'GET /finance/records': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      kind?: 'expense' | 'other_income' | undefined;
      category?: string | undefined;
      account?: 'cash' | 'bank' | 'qris' | 'e_wallet' | 'gateway' | 'clearing' | undefined;
      state?: 'posted' | 'reversed' | undefined;
      from?: string | undefined;
      to?: string | undefined;
      format?: 'json' | 'csv' | undefined;
      fields?: string | undefined;
    };
    answer: FinanceRecordPage;
  };
  'GET /finance/records/{id}': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: FinanceRecord;
  };
  'POST /finance/records/{id}/reverse': { params: { id: string }; body: FinanceReversal; answer: FinanceRecord };
  'GET /finance/profit-and-loss': {
    query?: {
      from?: string | undefined;
      to?: string | undefined;
      format?: 'json' | 'csv' | undefined;
      fields?: string | undefined;
    };
    answer: ProfitAndLoss;
  };
  'GET /finance/cash-flow': {
    query?: {
      from?: string | undefined;
      to?: string | undefined;
      format?: 'json' | 'csv' | undefined;
      fields?: string | undefined;
    };
    answer: CashFlow;
  };
  'GET /finance/aging': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      as_of?: string | undefined;
      format?: 'json' | 'csv' | undefined;
      fields?: string | undefined;
    };
    answer: Aging;
  };
  'GET /finance/balance': {
    query?: { as_of?: string | undefined; format?: 'json' | 'csv' | undefined; fields?: string | undefined };
    answer: TrialBalance;
  };
};
