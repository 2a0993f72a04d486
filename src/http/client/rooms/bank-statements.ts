// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type BankStatement = { id: string; name: string; lines: number; uploaded_at: string; open: number };
export type BankStatementPage = { data: readonly BankStatement[]; page: number; page_size: number; total: number };
export type UploadedStatement = {
  id: string;
  name: string;
  lines: number;
  new_lines: number;
  skipped: readonly { no: number; why: string }[];
  uploaded_at: string;
};

export type BankStatementsOperations = {
  'POST /bank-statements': {
    query: { name: string; delimiter?: ',' | ';' | '|' | 'tab' | undefined; decimal?: '.' | ',' | undefined };
    answer: UploadedStatement;
  };
  'GET /bank-statements': {
    query?: { page?: number | undefined; page_size?: number | undefined; fields?: string | undefined };
    answer: BankStatementPage;
  };
};
