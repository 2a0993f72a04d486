import type { Tx } from '#db/database.ts';

/** What one person was billed and has paid, for its export (SEC-28). */
export async function accountOf(tx: Tx, tenantId: string, customerId: string) {
  const invoices = await tx
    .selectFrom('invoices')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .select(['kind', 'number', 'issued_on', 'due_date', 'total', 'settled', 'notes', 'cancelled_at'])
    .orderBy('created_at')
    .execute();
  const payments = await tx
    .selectFrom('payments')
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .select(['amount', 'method', 'status', 'payment_date', 'reference', 'notes', 'refunded'])
    .orderBy('created_at')
    .execute();
  return {
    invoices: invoices.map((row) => ({ ...row, total: Number(row.total), settled: Number(row.settled) })),
    payments: payments.map((row) => ({ ...row, amount: Number(row.amount), refunded: Number(row.refunded) })),
  };
}

/**
 * Takes away what was noted with the money of a person who is erased. Bills, payments and postings stay: tax law keeps
 * them for ten years. They name the customer by its id, whose name is gone; what a bill says of service stays with it.
 */
export async function forgetPaymentNotes(tx: Tx, tenantId: string, customerId: string): Promise<void> {
  await tx
    .updateTable('payments')
    .set({ notes: '', reference: null, reverse_reason: null })
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .execute();
  await tx
    .updateTable('refunds')
    .set({ reason: '-' })
    .where('tenant_id', '=', tenantId)
    .where('payment_id', 'in', (eb) =>
      eb.selectFrom('payments').select('id').where('tenant_id', '=', tenantId).where('customer_id', '=', customerId),
    )
    .execute();
  await tx
    .updateTable('invoices')
    .set({ notes: '', cancel_reason: null })
    .where('tenant_id', '=', tenantId)
    .where('customer_id', '=', customerId)
    .execute();
}
