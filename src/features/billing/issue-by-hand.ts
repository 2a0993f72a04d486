import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { nextDueDate } from '#domain/billing-period.ts';
import { localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid } from '#platform/refusal.ts';
import { issueInvoice } from './issue-invoice.ts';
import { demandOwnLedger, showInvoice } from './listing.ts';
import { livingLines, settingsOf } from './money-store.ts';
import type { InvoiceDetail, NewInvoice } from './schema.ts';

/** What was done, and the lines that are to be decided about in the same transaction. */
export type Done<T> = { readonly answer: T; readonly lines: readonly string[] };

export const erpBills = 'ERPNext makes the bills of this ISP: make it there, and the hub follows.';

/** The line that a bill is of: the one that is named, or the only one; and the day that its customer pays on (P19). */
export async function billedLine(
  tx: Tx,
  tenantId: string,
  { customerId, named, today }: { readonly customerId: string; readonly named: string | null; readonly today: string },
) {
  const living = await livingLines(tx, tenantId, [customerId]);
  const line = named === null ? (living.length === 1 ? living[0] : undefined) : living.find(({ id }) => id === named);
  if (named !== null && !line) throw invalid('subscription_id', 'This customer has no such subscription.');
  const { postpaid_due_day: usual } = await settingsOf(tx, tenantId);
  const dueDay = (line ?? living[0])?.due_day ?? usual;
  return {
    subscriptionId: line?.id ?? null,
    dueDate: nextDueDate(today, dueDay),
    lines: living.map(({ id }) => id),
  };
}

/** A bill that a person makes (spec L2); `now` in ms since 1970. */
export async function issueByHand(tx: Tx, who: Who, form: NewInvoice, now: number): Promise<Done<InvoiceDetail>> {
  demand(who.caller, 'invoices:write');
  const { tenantId, correlationId } = who;
  await demandOwnLedger(tx, tenantId, erpBills);
  const today = localDate(now, (await settingsOf(tx, tenantId)).time_zone);
  const { customer_id: customerId, subscription_id: named } = form;
  const { subscriptionId, dueDate, lines } = await billedLine(tx, tenantId, { customerId, named, today });
  if (form.due_date !== undefined && form.due_date < today) throw invalid('due_date', 'is over already');
  const { invoiceId, number, total } = await issueInvoice(
    tx,
    { tenantId, correlationId, issuedBy: who.caller.userId },
    {
      customerId,
      subscriptionId,
      reason: form.reason,
      lines: form.lines.map(({ description, quantity, unit_price }) => ({
        description,
        quantity,
        unitPrice: BigInt(unit_price),
      })),
      issuedOn: today,
      dueDate: form.due_date ?? dueDate,
      notes: form.notes,
    },
  );
  const after = { number, customer_id: customerId, total, due_date: form.due_date ?? dueDate };
  await record(tx, who, { action: 'create', entity: 'invoice', id: invoiceId, after });
  return { answer: await showInvoice(tx, tenantId, invoiceId, now), lines };
}
