// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { MoneyReason } from './invoices.ts';

export type NewPayment = {
  customer_id: string;
  amount: number;
  payment_method: 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'other';
  invoice_id?: string | null | undefined;
  erp_invoice?: string | null | undefined;
  payment_date?: string | string | null | undefined;
  reference?: string | null | undefined;
  notes?: string | undefined;
};
export type NewRefund = {
  amount: number;
  payment_method: 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'deposit' | 'other';
  reason: string;
};
export type Payment = {
  id: string;
  customer_id: string;
  customer: { id: string; code: string; name: string };
  amount: number;
  payment_method: 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'deposit' | 'other';
  status: 'pending' | 'overdue' | 'paid' | 'cancelled' | 'reversed';
  invoice_id: string | null;
  erp_invoice: string | null;
  due_date: string;
  payment_date: string | null;
  notes: string;
  reference: string | null;
  allocated: number;
  refunded: number;
  unallocated: number;
  erp_payment: string | null;
  erp_error: string | null;
  taken_by: string | null;
  reversed_at: string | null;
  reverse_reason: string | null;
  created_at: string;
  settles?: readonly { invoice_id: string; number: string; amount: number }[] | undefined;
};
export type PaymentChange = {
  status: 'paid' | 'cancelled';
  payment_date?: string | string | undefined;
  payment_method?: 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'other' | undefined;
  reference?: string | undefined;
  notes?: string | undefined;
};
export type PaymentPage = { data: readonly Payment[]; page: number; page_size: number; total: number };

export type PaymentsOperations = {
  'POST /payments': { body: NewPayment; answer: Payment };
  'GET /payments': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      customer_id?: string | undefined;
      status?: 'pending' | 'overdue' | 'paid' | 'cancelled' | 'reversed' | undefined;
      payment_method?: 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'deposit' | 'other' | undefined;
      from?: string | undefined;
      to?: string | undefined;
      sort?: 'created_at' | '-created_at' | 'due_date' | '-due_date' | 'amount' | '-amount' | undefined;
      fields?: string | undefined;
    };
    answer: PaymentPage;
  };
  'GET /payments/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Payment };
  'PATCH /payments/{id}': { params: { id: string }; body: PaymentChange; answer: Payment };
  'POST /payments/{id}/reverse': { params: { id: string }; body: MoneyReason; answer: Payment };
  'POST /payments/{id}/refunds': { params: { id: string }; body: NewRefund; answer: Payment };
  'GET /payments/{id}/receipt': { params: { id: string }; query?: { language?: 'id' | 'en' | undefined } };
};
