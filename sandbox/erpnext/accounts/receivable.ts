import { type Doc, number, roundMoney, rows, text } from '../site/document.ts';
import type { Site } from '../site/site.ts';
import { touch } from '../site/touch.ts';
import type { Transaction } from '../site/transaction.ts';

/** What the customer owes by this invoice when nothing is paid: the rounded total where rounding is on. */
export const payable = (invoice: Doc): number => number(invoice, 'rounded_total') || number(invoice, 'grand_total');

/**
 * Overdue by ERPNext's own rule: less was paid than the terms with a due date *before* today ask for. So an invoice
 * due on day D is overdue on D+1.
 */
export function isOverdue(invoice: Doc, today: string): boolean {
  const outstanding = number(invoice, 'outstanding_amount');
  if (outstanding <= 0) return false;
  const demanded = rows(invoice, 'payment_schedule')
    .filter((term) => text(term, 'due_date') < today)
    .reduce((sum, term) => sum + number(term, 'payment_amount'), 0);
  return roundMoney(payable(invoice) - outstanding) < roundMoney(demanded);
}

/** The status that a submitted invoice gets whenever ERPNext looks at it again. */
export function submittedStatus(site: Site, invoice: Doc): string {
  const outstanding = number(invoice, 'outstanding_amount');
  if (isOverdue(invoice, site.clock.today())) return 'Overdue';
  if (outstanding > 0) return outstanding < payable(invoice) ? 'Partly Paid' : 'Unpaid';
  if (invoice.is_return === 1) return 'Return';
  return hasCreditNote(site, text(invoice, 'name')) ? 'Credit Note Issued' : 'Paid';
}

const hasCreditNote = (site: Site, name: string): boolean =>
  [...site.all('Sales Invoice')].some((other) => other.return_against === name && other.docstatus === 1);

/**
 * Takes `amount` off an invoice (or puts it back, when negative). ERPNext writes the outstanding amount silently and
 * sets the status through the document, so that `on_change` alone tells of it.
 */
export function reduceOutstanding(tx: Transaction, invoiceName: string, amount: number): void {
  const invoice = tx.site.get('Sales Invoice', invoiceName);
  invoice.outstanding_amount = roundMoney(number(invoice, 'outstanding_amount') - amount);
  invoice.status = submittedStatus(tx.site, invoice);
  touch(tx, invoice);
  tx.note('on_change', invoice);
}
