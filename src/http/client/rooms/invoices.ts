// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { Charge } from './charges.ts';

export type Invoice = {
  id: string;
  kind: 'invoice' | 'credit_note';
  number: string;
  customer_id: string;
  customer: { id: string; code: string; name: string };
  subscription_id: string | null;
  reason: 'period' | 'first' | 'change' | 'termination' | 'fee' | 'manual' | 'credit';
  against: string | null;
  period_from: string | null;
  period_to: string | null;
  issued_on: string;
  due_date: string;
  net: number;
  tax: number;
  total: number;
  settled: number;
  outstanding: number;
  status: 'open' | 'overdue' | 'paid' | 'cancelled';
  notes: string;
  cancelled_at: string | null;
  cancel_reason: string | null;
  created_at: string;
};
export type InvoiceDetail = {
  id: string;
  kind: 'invoice' | 'credit_note';
  number: string;
  customer_id: string;
  customer: { id: string; code: string; name: string };
  subscription_id: string | null;
  reason: 'period' | 'first' | 'change' | 'termination' | 'fee' | 'manual' | 'credit';
  against: string | null;
  period_from: string | null;
  period_to: string | null;
  issued_on: string;
  due_date: string;
  net: number;
  tax: number;
  total: number;
  settled: number;
  outstanding: number;
  status: 'open' | 'overdue' | 'paid' | 'cancelled';
  notes: string;
  cancelled_at: string | null;
  cancel_reason: string | null;
  created_at: string;
  lines: readonly {
    no: number;
    description: string;
    quantity: number;
    unit_price: number;
    net: number;
    tax: number;
    tax_rate_bp: number | null;
    tax_base: number | null;
  }[];
  settled_by: readonly { payment_id: string | null; credit_note_id: string | null; amount: number; at: string }[];
};
export type InvoicePage = { data: readonly Invoice[]; page: number; page_size: number; total: number };
export type MoneyReason = { reason: string };
export type NewCharge = {
  method: 'qris' | 'virtual_account' | 'e_wallet';
  gateway?: 'midtrans' | 'xendit' | 'tripay' | 'duitku' | undefined;
};
export type NewCreditNote = { amount?: number | undefined; reason: string };
export type NewInvoice = {
  customer_id: string;
  subscription_id?: string | null | undefined;
  reason?: 'manual' | 'fee' | undefined;
  lines: readonly { description: string; quantity?: number | undefined; unit_price: number }[];
  due_date?: string | undefined;
  notes?: string | undefined;
};

export type InvoicesOperations = {
  'POST /invoices': { body: NewInvoice; answer: InvoiceDetail };
  'GET /invoices': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      customer_id?: string | undefined;
      status?: 'open' | 'overdue' | 'paid' | 'cancelled' | undefined;
      kind?: 'invoice' | 'credit_note' | undefined;
      from?: string | undefined;
      to?: string | undefined;
      sort?: 'created_at' | '-created_at' | 'due_date' | '-due_date' | 'number' | '-number' | undefined;
      fields?: string | undefined;
    };
    answer: InvoicePage;
  };
  'GET /invoices/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: InvoiceDetail };
  'POST /invoices/{id}/cancel': { params: { id: string }; body: MoneyReason; answer: InvoiceDetail };
  'POST /invoices/{id}/credit-note': { params: { id: string }; body: NewCreditNote; answer: InvoiceDetail };
  'GET /invoices/{id}/pdf': { params: { id: string }; query?: { language?: 'id' | 'en' | undefined } };
  'POST /invoices/{id}/charges': { params: { id: string }; body: NewCharge; answer: Charge };
};
