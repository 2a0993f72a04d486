// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type DepositPayment = {
  id: string;
  customer_id: string;
  amount: number;
  balance: number;
  paid_at: string;
  lines: readonly { subscription_id: string; username: string; state: string | null }[];
};
export type NewDepositPayment = {
  customer_id: string;
  amount?: number | undefined;
  invoice_id?: string | undefined;
  erp_invoice?: string | undefined;
};

export type ResellerPaymentsOperations = {
  'POST /reseller/payments': { body: NewDepositPayment; answer: DepositPayment };
};
