import type { Controller } from '../lifecycle/controller.ts';
import { type Doc, number, rows, text } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import type { Site } from '../site/site.ts';
import { addDays, addMonths } from '../site/site-clock.ts';
import { touch, touchWithRows } from '../site/touch.ts';
import type { Transaction } from '../site/transaction.ts';

export const subscriptionController: Controller = {
  validate: (tx, doc) => {
    const party = text(doc, 'party');
    if (party !== '' && !tx.site.find(text(doc, 'party_type'), party)) {
      throw invalid(`Could not find Party: ${party}`, 'LinkValidationError');
    }
    doc.company ??= tx.site.settings.company;
    doc.cost_center ??= `Main - ${tx.site.settings.abbreviation}`;
    doc.start_date ??= tx.site.clock.today();
    doc.current_invoice_start ??= doc.start_date;
    doc.current_invoice_end ??= addDays(addMonths(text(doc, 'current_invoice_start'), monthsOf(tx.site, doc)), -1);
  },
};

function monthsOf(site: Site, doc: Doc): number {
  const first = rows(doc, 'plans')[0];
  const plan = first && site.find('Subscription Plan', text(first, 'plan'));
  return plan ? number(plan, 'billing_interval_count') : 1;
}

/** What `run_doc_method cancel_subscription` does. */
export function cancelSubscription(tx: Transaction, name: string): void {
  const doc = tx.site.get('Subscription', name);
  if (doc.status === 'Cancelled') throw invalid('subscription is already cancelled.');
  doc.status = 'Cancelled';
  doc.cancelation_date = tx.site.clock.today();
  tellSaved(tx, doc);
}

/** The daily job's part: the status lags behind the invoices until it runs, and each run saves the document again. */
export function processSubscription(tx: Transaction, doc: Doc): void {
  doc.status = statusToday(tx.site, doc);
  tellSaved(tx, doc);
}

function tellSaved(tx: Transaction, doc: Doc): void {
  touchWithRows(tx, doc);
  touch(tx, doc);
  tx.note('on_update', doc);
  tx.note('on_change', doc);
}

/** Subscription Settings' default on a fresh site: "Past Due Date" on the due day, "Unpaid" this many days later. */
const graceDays = 1;

function statusToday(site: Site, doc: Doc): string {
  const today = site.clock.today();
  const open = [...site.all('Sales Invoice')].filter(
    (invoice) =>
      invoice.subscription === doc.name && invoice.docstatus === 1 && number(invoice, 'outstanding_amount') > 0,
  );
  if (open.some((invoice) => today >= addDays(text(invoice, 'due_date'), graceDays))) return 'Unpaid';
  return open.some((invoice) => today >= text(invoice, 'due_date')) ? 'Past Due Date' : 'Active';
}
