import type { Generated } from 'kysely';
import type { At, Defaulted, Json, Maybe } from '../columns.ts';

export type LedgerInvoicesTable = {
  tenant_id: string;
  id: Generated<string>;
  ref: string;
  kind: 'invoice' | 'credit_note';
  customer_id: string;
  subscription_id: string;
  lines: Json;
  period_from: Maybe<string>;
  period_to: Maybe<string>;
  issued_on: string;
  due_date: string;
  notes: Defaulted<string>;
  erp_invoice: Maybe<string>;
  erp_error: Maybe<string>;
  created_at: At;
  updated_at: At;
};

export type LedgerPushTables = { ledger_invoices: LedgerInvoicesTable };
