import { z } from 'zod';
import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { isOfChange } from '#outbox/append-ledger-invoice.ts';
import type { Claimed, Verdict } from '#outbox/claim.ts';
import { awaitCustomer, dispatchPush, type Pushing } from '#outbox/dispatch-push.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import type { NewLedgerBill } from '#ports/ledger/push/port.ts';

type InvoiceIntent = Extract<Intent, { kind: 'ledger.invoice' }>;

const storedLines = z.array(
  z.object({ description: z.string(), quantity: z.int(), unit_price: z.string().transform(BigInt) }),
);

const waiting: Verdict = {
  state: 'later',
  error: 'its subscription is not in ERPNext yet',
  waitMs: 2_000,
  isUntried: true,
};

/** Whether the line's own Subscription is still on its way: the bill is to name it. */
async function isUnderWay(tx: Tx, tenantId: string, subscriptionId: string): Promise<boolean> {
  const intent = await tx
    .selectFrom('outbox')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', 'ledger.subscription')
    .where('key', '=', subscriptionId)
    .where('state', 'in', ['ready', 'running'])
    .select('id')
    .limit(1)
    .executeTakeFirst();
  return intent !== undefined;
}

const rowOf = (tx: Tx, tenantId: string, id: string) =>
  tx
    .selectFrom('ledger_invoices as i')
    .innerJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'i.tenant_id').onRef('c.id', '=', 'i.customer_id'),
    )
    .innerJoin('subscriptions as s', (join) =>
      join.onRef('s.tenant_id', '=', 'i.tenant_id').onRef('s.id', '=', 'i.subscription_id'),
    )
    .innerJoin('service_plans as p', (join) =>
      join.onRef('p.tenant_id', '=', 's.tenant_id').onRef('p.id', '=', 's.service_plan_id'),
    )
    .where('i.tenant_id', '=', tenantId)
    .where('i.id', '=', id)
    .selectAll('i')
    .select(['c.erp_customer', 's.erp_subscription', 'p.erp_item', 'p.name as plan'])
    .executeTakeFirst();

async function read(tx: Tx, claimed: Claimed, id: string): ReturnType<Pushing<NewLedgerBill>['read']> {
  const row = await rowOf(tx, claimed.tenantId, id);
  if (!row || row.erp_invoice !== null) return { verdict: { state: 'superseded' } };
  if (row.erp_item === null) {
    const error = `the service plan ${row.plan} names no item of ERPNext (erp_item)`;
    return { verdict: { state: 'dead', error } };
  }
  if (row.erp_customer === null) return { verdict: await awaitCustomer(tx, claimed, row.customer_id) };
  if (row.erp_subscription === null && (await isUnderWay(tx, claimed.tenantId, row.subscription_id))) {
    return { verdict: waiting };
  }
  const lines = storedLines.parse(row.lines).map(({ unit_price: unitPrice, ...line }) => ({ ...line, unitPrice }));
  return {
    row: {
      hubRef: id,
      kind: row.kind,
      customer: row.erp_customer,
      // An invoice of its running period that names a Subscription is taken by ERPNext for that period's own.
      subscription: isOfChange(row.ref) ? null : row.erp_subscription,
      item: row.erp_item,
      lines,
      periodFrom: row.period_from,
      periodTo: row.period_to,
      issuedOn: row.issued_on,
      dueDate: row.due_date,
      notes: row.notes,
    },
  };
}

const note = (tx: Tx, tenantId: string, id: string, values: { erp_invoice?: string; erp_error: string | null }) =>
  tx
    .updateTable('ledger_invoices')
    .set({ ...values, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('erp_invoice', 'is', null)
    .execute();

/** Has the ledger get a bill of the hub's making, as one Sales Invoice, and keeps its name there. */
export const dispatchLedgerInvoice = (d: Dispatching, claimed: Claimed, { invoiceId }: InvoiceIntent): Promise<void> =>
  dispatchPush<NewLedgerBill>(d, claimed, {
    read: (tx) => read(tx, claimed, invoiceId),
    push: (push, bill) => push.createInvoice(bill),
    keep: (tx, name) => note(tx, claimed.tenantId, invoiceId, { erp_invoice: name, erp_error: null }),
    died: (tx, error) => note(tx, claimed.tenantId, invoiceId, { erp_error: error }),
    words: `bill ${invoiceId}`,
  });
