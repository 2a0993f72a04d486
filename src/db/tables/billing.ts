import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { At, BigInteger, Defaulted, Maybe, MaybeAt } from '../columns.ts';

type DefaultedBig = ColumnType<bigint, bigint | undefined, bigint>;

export type PostingsTable = {
  tenant_id: string;
  id: Generated<string>;
  kind: string;
  idem_key: string;
  posted_on: string;
  source_id: Maybe<string>;
  memo: Defaulted<string>;
  reverses: Maybe<string>;
  posted_by: Maybe<string>;
  posted_at: At;
};
export type EntriesTable = {
  tenant_id: string;
  posting_id: string;
  no: number;
  account: string;
  category: Maybe<string>;
  customer_id: Maybe<string>;
  reseller_id: Maybe<string>;
  amount: BigInteger;
};
export type InvoiceReason = 'period' | 'first' | 'change' | 'termination' | 'fee' | 'manual' | 'credit';
export type InvoicesTable = {
  tenant_id: string;
  id: Generated<string>;
  kind: Defaulted<'invoice' | 'credit_note'>;
  year: number;
  serial: number;
  number: string;
  customer_id: string;
  subscription_id: Maybe<string>;
  reason: InvoiceReason;
  against: Maybe<string>;
  period_from: Maybe<string>;
  period_to: Maybe<string>;
  issued_on: string;
  due_date: string;
  net: BigInteger;
  tax: DefaultedBig;
  total: BigInteger;
  settled: DefaultedBig;
  outstanding: GeneratedAlways<bigint>;
  notes: Defaulted<string>;
  cancelled_at: MaybeAt;
  cancel_reason: Maybe<string>;
  posting_id: string;
  created_at: At;
  updated_at: At;
};
export type InvoiceLinesTable = {
  tenant_id: string;
  invoice_id: string;
  no: number;
  description: string;
  quantity: Defaulted<number>;
  unit_price: BigInteger;
  net: BigInteger;
  tax: DefaultedBig;
  tax_rate_bp: Maybe<number>;
  tax_base: Maybe<bigint>;
};
export type PaymentMethod = 'cash' | 'transfer' | 'qris' | 'e_wallet' | 'virtual_account' | 'deposit' | 'other';
export type PaymentsTable = {
  tenant_id: string;
  id: Generated<string>;
  customer_id: string;
  amount: BigInteger;
  method: PaymentMethod;
  status: 'pending' | 'paid' | 'cancelled' | 'reversed';
  invoice_id: Maybe<string>;
  erp_invoice: Maybe<string>;
  due_date: string;
  payment_date: MaybeAt;
  notes: Defaulted<string>;
  reference: Maybe<string>;
  idem_key: string;
  allocated: DefaultedBig;
  refunded: DefaultedBig;
  unallocated: GeneratedAlways<bigint>;
  posting_id: Maybe<string>;
  erp_payment: Maybe<string>;
  erp_error: Maybe<string>;
  taken_by: Maybe<string>;
  reversed_at: MaybeAt;
  reverse_reason: Maybe<string>;
  created_at: At;
  updated_at: At;
};
export type AllocationsTable = {
  tenant_id: string;
  id: Generated<string>;
  invoice_id: string;
  payment_id: Maybe<string>;
  credit_note_id: Maybe<string>;
  amount: BigInteger;
  allocated_at: At;
};
export type RefundsTable = {
  tenant_id: string;
  id: Generated<string>;
  payment_id: string;
  amount: BigInteger;
  method: string;
  reason: string;
  idem_key: string;
  posting_id: string;
  refunded_by: Maybe<string>;
  refunded_at: At;
};

/** The hub's own ledger, and payments that the hub takes. */
export type BillingTables = {
  postings: PostingsTable;
  entries: EntriesTable;
  invoices: InvoicesTable;
  invoice_lines: InvoiceLinesTable;
  payments: PaymentsTable;
  allocations: AllocationsTable;
  refunds: RefundsTable;
};
