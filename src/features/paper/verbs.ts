import type { Tx } from '#db/database.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { demand, resellerOf, type Who } from '#platform/caller.ts';
import type { InvoicePaper, Paper, ReceiptPaper, Stamp, StatementPaper } from '#platform/paper/papers.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { addresseeOf, type Heading, headingOf } from './letterhead.ts';
import type { PaperQuery, StatementQuery } from './schema.ts';
import * as store from './store.ts';

/** A paper whose picture is still to be put on. */
export type Drafted<P extends Paper = Paper> = { readonly heading: Heading; readonly paper: P };

const sightOf = ({ tenantId, caller }: Who): store.Sight => ({
  tenantId,
  resellerId: resellerOf(caller),
});

function stampOf({ cancelled_at, settled, total, due_date }: store.InvoiceRow, today: string): Stamp {
  if (cancelled_at !== null) return 'cancelled';
  if (settled >= total) return 'paid';
  if (due_date < today) return 'overdue';
  return settled > 0n ? 'partly_paid' : 'unpaid';
}

/** The lines' taxes, summed up by rate. */
function taxesOf(lines: readonly store.LineRow[]): InvoicePaper['taxes'] {
  const rates = [...new Set(lines.flatMap(({ tax_rate_bp: rate }) => (rate === null ? [] : [rate])))].sort();
  return rates.map((rateBp) => {
    const taxed = lines.filter(({ tax_rate_bp: rate }) => rate === rateBp);
    return {
      rateBp,
      base: taxed.reduce((sum, { tax_base }) => sum + (tax_base ?? 0n), 0n),
      tax: taxed.reduce((sum, { tax }) => sum + tax, 0n),
    };
  });
}

/** A bill of the hub's own ledger for paper (spec L2); `now` in ms since 1970. */
export async function draftInvoice(
  tx: Tx,
  who: Who,
  id: string,
  { language }: PaperQuery,
  now: number,
): Promise<Drafted<InvoicePaper>> {
  demand(who.caller, 'invoices:read');
  const [row, lines, heading] = await Promise.all([
    store.invoiceOf(tx, sightOf(who), id),
    store.linesOf(tx, who.tenantId, id),
    headingOf(tx, who.tenantId, language, now),
  ]);
  if (!row) throw notFound('invoice');
  const { head } = heading;
  return {
    heading,
    paper: {
      kind: row.kind,
      head,
      number: row.number,
      against: row.against,
      issuedOn: row.issued_on,
      dueDate: row.due_date,
      period: row.period_from && row.period_to ? { from: row.period_from, to: row.period_to } : null,
      customer: addresseeOf(who, row),
      lines: lines.map((line) => ({
        description: line.description,
        quantity: line.quantity,
        unitPrice: line.unit_price,
        amount: BigInt(line.quantity) * line.unit_price,
      })),
      net: row.net,
      taxes: taxesOf(lines),
      total: row.total,
      settled: row.settled,
      stamp: stampOf(row, head.printedOn),
      howToPay: heading.settings.payment_instructions,
      notes: row.notes,
    },
  };
}

/** A payment has no number of its own: the first part of its id is one that people can say. */
const receiptNumber = (paymentId: string): string => `R-${paymentId.slice(0, 8).toUpperCase()}`;

/** That money was received; whichever ledger it goes to. What was only demanded has no receipt: 409. */
export async function draftReceipt(
  tx: Tx,
  who: Who,
  id: string,
  { language }: PaperQuery,
  now: number,
): Promise<Drafted<ReceiptPaper>> {
  demand(who.caller, 'payments:read');
  const [row, settles, heading] = await Promise.all([
    store.paymentOf(tx, sightOf(who), id),
    store.settledBy(tx, who.tenantId, id),
    headingOf(tx, who.tenantId, language, now),
  ]);
  if (!row) throw notFound('payment');
  if (row.payment_date === null) throw new Refusal('CONFLICT', 'This payment was not received: it has no receipt.');
  const elsewhere = row.erp_invoice === null ? [] : [{ number: row.erp_invoice, amount: row.amount }];
  return {
    heading,
    paper: {
      kind: 'receipt',
      head: heading.head,
      number: receiptNumber(row.id),
      paidOn: localDate(row.payment_date.getTime(), heading.settings.time_zone),
      customer: addresseeOf(who, row),
      method: row.method,
      reference: row.reference,
      amount: row.amount,
      refunded: row.refunded,
      settles: settles.length > 0 ? settles : elsewhere,
      credit: elsewhere.length > 0 ? 0n : row.unallocated,
      stamp: row.status === 'paid' ? 'paid' : 'reversed',
      notes: row.notes,
    },
  };
}

type Customer = NonNullable<Awaited<ReturnType<typeof store.customerOf>>>;

/** From the first day of the month until today, where nothing else is asked for. */
export function daysOf({ from, to }: StatementQuery, { head }: Heading) {
  const last = to ?? head.printedOn;
  const first = from ?? `${last.slice(0, 7)}-01`;
  if (first > last) throw invalid('from', 'The first day is after the last.');
  if (addDays(first, 3_660) < last) throw invalid('from', 'A statement is of ten years at most.');
  return { from: first, to: last };
}

export function checkRows(rows: readonly unknown[]): void {
  if (rows.length <= store.mostRows) return;
  throw invalid('from', `A statement has ${store.mostRows} rows at most: ask for fewer days.`);
}

async function statementOf(
  tx: Tx,
  who: Who,
  customer: Customer,
  query: StatementQuery,
  heading: Heading,
): Promise<StatementPaper> {
  const { from, to } = daysOf(query, heading);
  const [opening, rows] = await Promise.all([
    store.balanceBefore(tx, who.tenantId, customer.id, from),
    store.accountRows(tx, who.tenantId, customer.id, from, to),
  ]);
  checkRows(rows);
  return {
    kind: 'statement',
    head: heading.head,
    customer: addresseeOf(who, customer),
    from,
    to,
    opening,
    rows: rows.map(({ on, what, is_back, number, payment_id, amount, on_its_way }) => ({
      on,
      what,
      isBack: is_back,
      isOnItsWay: on_its_way,
      number: number ?? (payment_id === null ? '' : receiptNumber(payment_id)),
      amount,
    })),
  };
}

/** What a customer was charged and has paid, whoever keeps the books (spec L1, L2). `now` in ms since 1970. */
export async function draftStatement(
  tx: Tx,
  who: Who,
  id: string,
  query: StatementQuery,
  now: number,
): Promise<Drafted<StatementPaper>> {
  demand(who.caller, 'invoices:read');
  const [customer, heading] = await Promise.all([
    store.customerOf(tx, sightOf(who), id),
    headingOf(tx, who.tenantId, query.language, now),
  ]);
  if (!customer) throw notFound('customer');
  return { heading, paper: await statementOf(tx, who, customer, query, heading) };
}
