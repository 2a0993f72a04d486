import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { localDate } from '#domain/local-time.ts';
import type { Claimed } from '#outbox/claim.ts';
import { awaitCustomer, dispatchPush, type Pushing } from '#outbox/dispatch-push.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { NewLedgerPayment } from '#ports/ledger/push.ts';

type PaymentIntent = Extract<Intent, { kind: 'ledger.payment' }>;

async function read(tx: Tx, claimed: Claimed, id: string): ReturnType<Pushing<NewLedgerPayment>['read']> {
  const row = await tx
    .selectFrom('payments as p')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'p.tenant_id').onRef('c.id', '=', 'p.customer_id'),
    )
    .innerJoin('tenants as t', 't.id', 'p.tenant_id')
    .where('p.tenant_id', '=', claimed.tenantId)
    .where('p.id', '=', id)
    .select(['p.status', 'p.amount', 'p.method', 'p.payment_date', 'p.reference', 'p.erp_invoice', 'p.erp_payment'])
    .select(['p.customer_id', 'c.erp_customer', 't.settings'])
    .executeTakeFirst();
  // Taken back meanwhile, or there already.
  if (row?.status !== 'paid' || row.payment_date === null || row.erp_payment !== null) {
    return { verdict: { state: 'superseded' } };
  }
  if (row.erp_customer === null) return { verdict: await awaitCustomer(tx, claimed, row.customer_id) };
  const { amount, method, erp_customer: customer, erp_invoice: invoice } = row;
  const paidOn = localDate(row.payment_date.getTime(), readTenantSettings(row.settings).time_zone);
  return { row: { hubRef: id, customer, amount, method, paidOn, reference: row.reference ?? id, invoice } };
}

const note = (tx: Tx, tenantId: string, id: string, values: { erp_payment?: string; erp_error: string | null }) =>
  tx
    .updateTable('payments')
    .set({ ...values, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('erp_payment', 'is', null)
    .execute();

/** Has the ledger get money that the hub took, as one Payment Entry, and keeps its name there. */
export const dispatchPayment = (d: Dispatching, claimed: Claimed, { paymentId }: PaymentIntent): Promise<void> =>
  dispatchPush<NewLedgerPayment>(d, claimed, {
    read: (tx) => read(tx, claimed, paymentId),
    push: (push, payment) => push.recordPayment(payment),
    keep: (tx, name) => note(tx, claimed.tenantId, paymentId, { erp_payment: name, erp_error: null }),
    died: (tx, error) => note(tx, claimed.tenantId, paymentId, { erp_error: error }),
    words: `payment ${paymentId}`,
  });
