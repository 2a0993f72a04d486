// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type SubCustomerBill = {
  invoice_id: string | null;
  erp_invoice: string | null;
  number: string;
  customer: { id: string; customer_code: string; name: string };
  issued_on: string | null;
  due_date: string;
  is_overdue: boolean;
  total: number;
  outstanding: number;
};
export type SubCustomerBillPage = {
  data: readonly SubCustomerBill[];
  page: number;
  page_size: number;
  total: number;
  open: number;
};

export type ResellerInvoicesOperations = {
  'GET /reseller/invoices': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      customer_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: SubCustomerBillPage;
  };
};
