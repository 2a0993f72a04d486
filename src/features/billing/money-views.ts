import type { Selectable } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { InvoicesTable, PaymentsTable } from '#db/tables/billing.ts';
import type { Payment } from './payment-schema.ts';
import type { Invoice, InvoiceDetail } from './schema.ts';

type OfCustomer = { readonly customer_code: string; readonly customer_name: string };
export type InvoiceRow = Selectable<InvoicesTable> & OfCustomer & { readonly status: Invoice['status'] };
export type PaymentRow = Selectable<PaymentsTable> & OfCustomer & { readonly shown_status: Payment['status'] };

const customerView = (row: OfCustomer & { readonly customer_id: string }) => ({
  id: row.customer_id,
  code: row.customer_code,
  name: row.customer_name,
});

/** A bill as JSON has it: money as integers of the minor unit. */
export const billView = (row: InvoiceRow): Invoice => ({
  id: row.id,
  kind: row.kind,
  number: row.number,
  customer_id: row.customer_id,
  customer: customerView(row),
  subscription_id: row.subscription_id,
  reason: row.reason,
  against: row.against,
  period_from: row.period_from,
  period_to: row.period_to,
  issued_on: row.issued_on,
  due_date: row.due_date,
  net: Number(row.net),
  tax: Number(row.tax),
  total: Number(row.total),
  settled: Number(row.settled),
  outstanding: row.cancelled_at === null ? Number(row.outstanding) : 0,
  status: row.status,
  notes: row.notes,
  cancelled_at: row.cancelled_at?.toISOString() ?? null,
  cancel_reason: row.cancel_reason,
  created_at: row.created_at.toISOString(),
});

export const paymentView = (row: PaymentRow): Payment => ({
  id: row.id,
  customer_id: row.customer_id,
  customer: customerView(row),
  amount: Number(row.amount),
  payment_method: row.method,
  status: row.shown_status,
  invoice_id: row.invoice_id,
  erp_invoice: row.erp_invoice,
  due_date: row.due_date,
  payment_date: row.payment_date?.toISOString() ?? null,
  notes: row.notes,
  reference: row.reference,
  allocated: Number(row.allocated),
  refunded: Number(row.refunded),
  unallocated: Number(row.unallocated),
  erp_payment: row.erp_payment,
  erp_error: row.erp_error,
  taken_by: row.taken_by,
  reversed_at: row.reversed_at?.toISOString() ?? null,
  reverse_reason: row.reverse_reason,
  created_at: row.created_at.toISOString(),
});

export async function linesOf(tx: Tx, tenantId: string, invoiceId: string): Promise<InvoiceDetail['lines']> {
  const rows = await tx
    .selectFrom('invoice_lines')
    .where('tenant_id', '=', tenantId)
    .where('invoice_id', '=', invoiceId)
    .select(['no', 'description', 'quantity', 'unit_price', 'net', 'tax', 'tax_rate_bp', 'tax_base'])
    .orderBy('no')
    .execute();
  return rows.map((row) => ({
    ...row,
    unit_price: Number(row.unit_price),
    net: Number(row.net),
    tax: Number(row.tax),
    tax_base: row.tax_base === null ? null : Number(row.tax_base),
  }));
}

/** What settles a bill. */
export async function allocationsOf(tx: Tx, tenantId: string, invoiceId: string): Promise<InvoiceDetail['settled_by']> {
  const rows = await tx
    .selectFrom('allocations')
    .where('tenant_id', '=', tenantId)
    .where('invoice_id', '=', invoiceId)
    .select(['payment_id', 'credit_note_id', 'amount', 'allocated_at'])
    .orderBy('allocated_at')
    .orderBy('id')
    .execute();
  return rows.map(({ allocated_at, amount, ...row }) => ({
    ...row,
    amount: Number(amount),
    at: allocated_at.toISOString(),
  }));
}

/** The bills that a payment settles. */
export async function settledWith(tx: Tx, tenantId: string, paymentId: string) {
  const rows = await tx
    .selectFrom('allocations as a')
    .innerJoin('invoices as i', (join) =>
      join.onRef('i.tenant_id', '=', 'a.tenant_id').onRef('i.id', '=', 'a.invoice_id'),
    )
    .where('a.tenant_id', '=', tenantId)
    .where('a.payment_id', '=', paymentId)
    .select(['a.invoice_id', 'i.number', 'a.amount'])
    .orderBy('i.number')
    .execute();
  return rows.map((row) => ({ ...row, amount: Number(row.amount) }));
}
