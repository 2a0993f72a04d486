import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { markLines } from '#access/mark-dirty.ts';
import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { type Done, erpBills } from './issue-by-hand.ts';
import { demandOwnLedger, showInvoice } from './listing.ts';
import { dayOf, livingLines, lockCustomers } from './money-store.ts';
import { takeBillNumbers } from './number.ts';
import { post } from './posting.ts';
import type { InvoiceDetail, NewCredit } from './schema.ts';
import { settleCustomers } from './settle.ts';

const findBill = (tx: Tx, tenantId: string, id: string) =>
  tx.selectFrom('invoices').where('tenant_id', '=', tenantId).where('id', '=', id).selectAll().executeTakeFirst();
type Bill = NonNullable<Awaited<ReturnType<typeof findBill>>>;

/** A bill or credit note, read again under its customer's lock. */
export async function lockBill(tx: Tx, tenantId: string, id: string): Promise<Bill> {
  const seen = await findBill(tx, tenantId, id);
  if (!seen) throw notFound('invoice');
  await lockCustomers(tx, tenantId, [seen.customer_id]);
  const bill = await findBill(tx, tenantId, id);
  if (!bill) throw notFound('invoice');
  if (bill.cancelled_at !== null) throw new Refusal('CONFLICT', `${bill.number} was cancelled.`);
  return bill;
}

/** What credit notes that stand have given back of a bill. */
export async function creditedOf(tx: Tx, tenantId: string, billId: string) {
  const { rows } = await sql<{ total: bigint; tax: bigint }>`
    select coalesce(sum(total), 0)::bigint as total, coalesce(sum(tax), 0)::bigint as tax from invoices
    where tenant_id = ${tenantId} and against = ${billId} and cancelled_at is null`.execute(tx);
  return rows[0] ?? { total: 0n, tax: 0n };
}

/** The tax in the first `part` of a bill, half up: parts that sum to the whole give back the whole tax. */
export const taxIn = (part: bigint, { total, tax }: Bill): bigint => (2n * part * tax + total) / (2n * total);

/** Writes a credit note on a bill that is locked; who calls this has seen that so much is left of it. */
export async function writeCredit(
  tx: Tx,
  { tenantId, issuedBy }: { readonly tenantId: string; readonly issuedBy: string | null },
  bill: Bill,
  note: { total: bigint; tax: bigint; reason: string; day: string },
) {
  const { total, tax, reason, day } = note;
  const id = randomUUID();
  const [numbered] = await takeBillNumbers(tx, tenantId, 'credit_note', [day]);
  const [posting] = await post(tx, tenantId, [
    {
      kind: 'credit_note',
      idemKey: `credit_note ${id}`,
      postedOn: day,
      sourceId: id,
      postedBy: issuedBy,
      entries: [
        { account: bill.reason === 'fee' ? 'fees' : 'revenue', amount: total - tax },
        { account: 'tax_payable', amount: tax },
        { account: 'receivable', customerId: bill.customer_id, amount: -total },
      ],
    },
  ]);
  if (!numbered || posting === undefined) throw new Error('No number or no posting came back for a credit note.');
  const row = {
    ...numbered,
    tenant_id: tenantId,
    id,
    kind: 'credit_note' as const,
    customer_id: bill.customer_id,
    subscription_id: bill.subscription_id,
    reason: 'credit' as const,
    against: bill.id,
    issued_on: day,
    due_date: day,
    net: total - tax,
    tax,
    total,
    notes: reason,
    posting_id: posting,
  };
  await tx.insertInto('invoices').values(row).execute();
  const line = { tenant_id: tenantId, invoice_id: id, no: 1, description: bill.number, net: total - tax, tax };
  await tx
    .insertInto('invoice_lines')
    .values({ ...line, unit_price: total - tax })
    .execute();
  return { id, number: numbered.number };
}

/**
 * Gives back a bill, or part of it (spec L2): the credit settles that bill first, and what is left the customer's others.
 * Never more than the bill came to, all its credit notes together. `now` in ms since 1970.
 */
export async function creditInvoice(
  tx: Tx,
  who: Who,
  id: string,
  { amount, reason }: NewCredit,
  now: number,
): Promise<Done<InvoiceDetail>> {
  demand(who.caller, 'invoices:write');
  const { tenantId, correlationId } = who;
  await demandOwnLedger(tx, tenantId, erpBills);
  const bill = await lockBill(tx, tenantId, id);
  if (bill.kind !== 'invoice') throw new Refusal('CONFLICT', `${bill.number} is a credit note itself.`);
  const before = await creditedOf(tx, tenantId, id);
  const left = bill.total - before.total;
  const total = amount === undefined ? left : BigInt(amount);
  if (total > left || left === 0n) {
    throw new Refusal('CONFLICT', `Of ${bill.number} ${left} is left to be credited.`, { left: Number(left) });
  }
  const tax = taxIn(before.total + total, bill) - before.tax;
  const day = await dayOf(tx, tenantId, now);
  const note = await writeCredit(tx, { tenantId, issuedBy: who.caller.userId }, bill, { total, tax, reason, day });
  await settleCustomers(tx, tenantId, [bill.customer_id]);
  const after = { number: note.number, against: bill.number, total, reason };
  await record(tx, who, { action: 'create', entity: 'credit_note', id: note.id, after });
  const lines = (await livingLines(tx, tenantId, [bill.customer_id])).map((line) => line.id);
  await markLines(tx, { tenantId, correlationId, cause: 'a credit note' }, lines);
  return { answer: await showInvoice(tx, tenantId, note.id, now), lines };
}
