import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { Refusal } from '#platform/refusal.ts';
import { creditedOf, lockBill } from './credit-note.ts';
import { type Done, erpBills } from './issue-by-hand.ts';
import { demandOwnLedger, showInvoice } from './listing.ts';
import { dayOf, livingLines, noteTakenBack } from './money-store.ts';
import { postBack } from './posting.ts';
import type { InvoiceDetail, Why } from './schema.ts';
import { settleCustomers, unsettle } from './settle.ts';

/** What is demanded of a bill that is none any more. */
const endDemands = (tx: Tx, tenantId: string, invoiceId: string) =>
  tx
    .updateTable('payments')
    .set({ status: 'cancelled', updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('invoice_id', '=', invoiceId)
    .where('status', '=', 'pending')
    .execute();

/**
 * Cancels a bill, or a credit note: its number stays, its posting is posted back, and money that had settled it is free for
 * the others. Debt that comes back with a cancelled credit cuts nobody for five minutes (spec B3). `now` in ms since 1970.
 */
export async function cancelInvoice(
  tx: Tx,
  who: Who,
  id: string,
  { reason }: Why,
  now: number,
): Promise<Done<InvoiceDetail>> {
  demand(who.caller, 'invoices:write');
  const { tenantId, correlationId } = who;
  await demandOwnLedger(tx, tenantId, erpBills);
  const bill = await lockBill(tx, tenantId, id);
  if (bill.kind === 'invoice' && (await creditedOf(tx, tenantId, id)).total > 0n) {
    throw new Refusal('CONFLICT', `A credit note of ${bill.number} stands: cancel that first.`);
  }
  await unsettle(tx, tenantId, bill.kind === 'invoice' ? 'invoice_id' : 'credit_note_id', id);
  await tx
    .updateTable('invoices')
    .set({ cancelled_at: new Date(now), cancel_reason: reason, updated_at: new Date() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  await postBack(tx, tenantId, bill.posting_id, {
    kind: 'cancellation',
    idemKey: `cancellation ${id}`,
    postedOn: await dayOf(tx, tenantId, now),
    sourceId: id,
    postedBy: who.caller.userId,
  });
  if (bill.kind === 'invoice') await endDemands(tx, tenantId, id);
  else await noteTakenBack(tx, tenantId, bill.customer_id, now);
  await settleCustomers(tx, tenantId, [bill.customer_id]);
  const states = { before: { cancelled: false }, after: { cancelled: true, number: bill.number, reason } };
  await record(tx, who, { action: 'delete', entity: bill.kind, id, ...states });
  const lines = (await livingLines(tx, tenantId, [bill.customer_id])).map((line) => line.id);
  await markLines(tx, { tenantId, correlationId, cause: `${bill.number} was cancelled` }, lines);
  return { answer: await showInvoice(tx, tenantId, id, now), lines };
}
