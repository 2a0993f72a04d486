// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type BankLine = {
  id: string;
  statement_id: string;
  booked_on: string;
  description: string;
  amount: number;
  direction: 'credit' | 'debit';
  state: 'open' | 'booked' | 'ignored';
  payment_id: string | null;
  proposals: readonly {
    customer: { id: string; code: string; name: string };
    invoice_id: string | null;
    erp_invoice: string | null;
    number: string;
    outstanding: number;
    why: readonly ('invoice_number' | 'customer_code' | 'name' | 'amount' | 'only_such_amount')[];
  }[];
};
export type BankLineConfirmations = {
  lines: readonly {
    line_id: string;
    customer_id: string;
    invoice_id?: string | null | undefined;
    erp_invoice?: string | null | undefined;
  }[];
};
export type BankLinePage = { data: readonly BankLine[]; page: number; page_size: number; total: number };
export type ConfirmedBankLines = { lines: readonly BankLine[] };

export type BankLinesOperations = {
  'GET /bank-lines': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      statement_id?: string | undefined;
      state?: 'open' | 'booked' | 'ignored' | undefined;
      direction?: 'credit' | 'debit' | undefined;
      fields?: string | undefined;
    };
    answer: BankLinePage;
  };
  'POST /bank-lines/confirm': { body: BankLineConfirmations; answer: ConfirmedBankLines };
  'POST /bank-lines/{id}/ignore': { params: { id: string }; answer: BankLine };
};
