import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { ledgerKind } from '#db/ledger-kind.ts';
import { instantAt, localDate } from '#domain/local-time.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { billedLine, type Done } from './issue-by-hand.ts';
import { issueInvoice } from './issue-invoice.ts';
import { showPayment } from './listing.ts';
import { livingLines, lockCustomers, settingsOf } from './money-store.ts';
import type { NewPaymentForm, Payment, PaymentChange } from './payment-schema.ts';
import { endDemands } from './settle.ts';
import { bookPayment, takePayment } from './take-payment.ts';

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** When it was paid, as a form says it: a day begins at midnight of the tenant's calendar. */
function paidAt(text: string, zone: string, now: number): Date {
  const at = isDay(text) ? instantAt(text, 0, 0, zone) : Date.parse(text);
  if (at > now) throw invalid('payment_date', 'is in the future: without a date it is a demand, and paid later');
  return new Date(at);
}

/** What is demanded of an open bill; of none that is named, one is made for it. */
async function demandedBill(tx: Tx, who: Who, form: NewPaymentForm, today: string) {
  const { tenantId, correlationId } = who;
  const { customer_id: customerId, invoice_id: invoiceId } = form;
  if (invoiceId === null) {
    const { subscriptionId, dueDate } = await billedLine(tx, tenantId, { customerId, named: null, today });
    const made = await issueInvoice(
      tx,
      { tenantId, correlationId, issuedBy: who.caller.userId },
      {
        customerId,
        subscriptionId,
        reason: 'manual',
        lines: [{ description: form.notes.slice(0, 500) || '-', quantity: 1, unitPrice: BigInt(form.amount) }],
        issuedOn: today,
        dueDate,
        notes: form.notes,
      },
    );
    const after = { number: made.number, customer_id: customerId, total: made.total, due_date: dueDate };
    await record(tx, who, { action: 'create', entity: 'invoice', id: made.invoiceId, after });
    return { id: made.invoiceId, due_date: dueDate };
  }
  const bill = await tx
    .selectFrom('invoices')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', invoiceId)
    .where('customer_id', '=', customerId)
    .where('kind', '=', 'invoice')
    .select(['id', 'number', 'due_date', 'outstanding', 'cancelled_at'])
    .executeTakeFirst();
  if (!bill) throw invalid('invoice_id', 'This customer has no such invoice.');
  if (bill.cancelled_at !== null) throw new Refusal('CONFLICT', `${bill.number} was cancelled.`);
  if (BigInt(form.amount) > bill.outstanding) {
    const told = `Of ${bill.number} ${bill.outstanding} is open.`;
    throw new Refusal('CONFLICT', told, { outstanding: Number(bill.outstanding) });
  }
  return bill;
}

/** Money that is to be paid: `pending`, and overdue by itself (P20). */
async function demandPayment(tx: Tx, who: Who, form: NewPaymentForm, idemKey: string, today: string): Promise<string> {
  const { tenantId } = who;
  const customer = (await lockCustomers(tx, tenantId, [form.customer_id])).get(form.customer_id);
  if (!customer || customer.deleted_at !== null) throw notFound('customer');
  const bill = await demandedBill(tx, who, form, today);
  const { id } = await tx
    .insertInto('payments')
    .values({
      tenant_id: tenantId,
      customer_id: form.customer_id,
      amount: BigInt(form.amount),
      method: form.payment_method,
      status: 'pending',
      invoice_id: bill.id,
      due_date: bill.due_date,
      notes: form.notes,
      reference: form.reference,
      idem_key: idemKey,
      taken_by: who.caller.userId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  // Credit that the customer had has met it already.
  await endDemands(tx, tenantId, [bill.id]);
  return id;
}

const audited = (payment: Payment): Record<string, unknown> => ({
  customer_id: payment.customer_id,
  amount: payment.amount,
  payment_method: payment.payment_method,
  status: payment.status,
  invoice_id: payment.invoice_id,
  payment_date: payment.payment_date,
  reference: payment.reference,
  notes: payment.notes,
});

/** Null: nothing was recorded under this key yet. */
async function recordedUnder(tx: Tx, tenantId: string, idemKey: string): Promise<string | null> {
  const query = tx.selectFrom('payments').where('tenant_id', '=', tenantId).where('idem_key', '=', idemKey);
  return (await query.select('id').executeTakeFirst())?.id ?? null;
}

/**
 * Records what a person says of money (spec L3): with a date it was received and settles bills at once, without one it is
 * demanded, backed by a bill. `idemKey`: the same key again is told what it made. `now` in ms since 1970.
 */
export async function recordPayment(
  tx: Tx,
  who: Who,
  form: NewPaymentForm,
  { idemKey, now }: { readonly idemKey: string; readonly now: number },
): Promise<Done<Payment>> {
  demand(who.caller, 'payments:write');
  const { tenantId, correlationId } = who;
  const known = await recordedUnder(tx, tenantId, idemKey);
  if (known !== null) return { answer: await showPayment(tx, tenantId, known, now), lines: [] };
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  if (form.payment_date === null && (await ledgerKind(tx, tenantId)) === 'erpnext') {
    const told = 'ERPNext makes the bills of this ISP: a demand is a Sales Invoice there. Money received has a date.';
    throw new Refusal('CONFLICT', told, { ledger: 'erpnext' });
  }
  const id =
    form.payment_date === null
      ? await demandPayment(tx, who, form, idemKey, localDate(now, zone))
      : (
          await takePayment(
            tx,
            { tenantId, correlationId, takenBy: who.caller.userId },
            {
              customerId: form.customer_id,
              amount: BigInt(form.amount),
              method: form.payment_method,
              paidAt: paidAt(form.payment_date, zone, now),
              idemKey,
              reference: form.reference,
              notes: form.notes,
              invoiceId: form.invoice_id,
              erpInvoice: form.erp_invoice,
            },
          )
        ).paymentId;
  const answer = await showPayment(tx, tenantId, id, now);
  await record(tx, who, { action: 'create', entity: 'payment', id, after: audited(answer) });
  const lines = (await livingLines(tx, tenantId, [form.customer_id])).map((line) => line.id);
  return { answer, lines };
}

/** Reads a payment under its customer's lock. */
export async function lockPayment(tx: Tx, tenantId: string, id: string) {
  const find = () =>
    tx.selectFrom('payments').where('tenant_id', '=', tenantId).where('id', '=', id).selectAll().executeTakeFirst();
  const seen = await find();
  if (!seen) throw notFound('payment');
  await lockCustomers(tx, tenantId, [seen.customer_id]);
  const payment = await find();
  if (!payment) throw notFound('payment');
  return payment;
}

/** What was demanded is paid (without a date: now, P21), or is demanded no more. */
export async function changePayment(
  tx: Tx,
  who: Who,
  id: string,
  change: PaymentChange,
  now: number,
): Promise<Done<Payment>> {
  demand(who.caller, 'payments:write');
  const { tenantId, correlationId } = who;
  const payment = await lockPayment(tx, tenantId, id);
  if (payment.status !== 'pending') throw new Refusal('CONFLICT', `This payment is ${payment.status}.`);
  const before = await showPayment(tx, tenantId, id, now);
  const { time_zone: zone } = await settingsOf(tx, tenantId);
  const isPaid = change.status === 'paid';
  if (!isPaid && change.payment_date !== undefined) throw invalid('payment_date', 'belongs to what is paid');
  const at = change.payment_date === undefined ? new Date(now) : paidAt(change.payment_date, zone, now);
  const method = change.payment_method ?? payment.method;
  await tx
    .updateTable('payments')
    .set({
      status: change.status,
      method,
      notes: change.notes ?? payment.notes,
      reference: change.reference ?? payment.reference,
      updated_at: new Date(),
      ...(isPaid ? { payment_date: at, taken_by: who.caller.userId } : {}),
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .execute();
  const { customer_id: customerId, amount } = payment;
  if (isPaid) {
    const day = localDate(at.getTime(), zone);
    await bookPayment(
      tx,
      { tenantId, correlationId, takenBy: who.caller.userId },
      { id, customerId, amount, method, day },
    );
  }
  const answer = await showPayment(tx, tenantId, id, now);
  await record(tx, who, { action: 'update', entity: 'payment', id, before: audited(before), after: audited(answer) });
  const lines = (await livingLines(tx, tenantId, [customerId])).map((line) => line.id);
  await markLines(tx, { tenantId, correlationId, cause: 'a payment' }, lines);
  return { answer, lines };
}
