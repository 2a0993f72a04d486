import { type Doc, number, type Row, roundMoney, rows, text } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import { newRow } from '../site/new-document.ts';
import type { Transaction } from '../site/transaction.ts';
import { payable } from './receivable.ts';

/**
 * The payment schedule: the caller's terms, else one row over the whole amount. With several terms the header's
 * `due_date` is the last one. What is paid later never shows in these rows.
 */
export function setTerms(tx: Transaction, doc: Doc): void {
  const whole = payable(doc);
  const own = rows(doc, 'payment_schedule').filter((row) => text(row, 'due_date') !== '');
  if (own.length > 1) keepTerms(doc, own, whole);
  else doc.payment_schedule = [oneTerm(tx, doc, whole, own[0])];
}

function keepTerms(doc: Doc, terms: Row[], whole: number): void {
  for (const term of terms) {
    const amount = number(term, 'payment_amount') || (whole * number(term, 'invoice_portion')) / 100;
    setAmount(term, roundMoney(amount), whole);
  }
  const sum = terms.reduce((total, term) => total + number(term, 'payment_amount'), 0);
  if (roundMoney(sum) !== whole) {
    throw invalid('Total Payment Amount in Payment Schedule must be equal to Grand / Rounded Total');
  }
  doc.due_date =
    terms
      .map((term) => text(term, 'due_date'))
      .sort()
      .at(-1) ?? null;
}

function oneTerm(tx: Transaction, doc: Doc, whole: number, existing: Row | undefined): Row {
  const meta = tx.site.meta('Sales Invoice').tables.payment_schedule;
  if (!meta) throw new Error('Sales Invoice has no payment_schedule');
  const birth = { user: tx.user, at: tx.stamp() };
  const row = existing ?? newRow(meta, { parent: doc, table: 'payment_schedule', idx: 1 }, {}, birth);
  row.due_date = text(doc, 'due_date');
  setAmount(row, whole, whole);
  return row;
}

function setAmount(row: Row, amount: number, whole: number): void {
  row.invoice_portion = whole === 0 ? 100 : roundMoney((amount / whole) * 100);
  for (const field of ['payment_amount', 'base_payment_amount', 'outstanding', 'base_outstanding'] as const) {
    row[field] = amount;
  }
}
