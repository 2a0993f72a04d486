import { number } from '../site/document.ts';
import type { Site } from '../site/site.ts';
import { isOverdue } from './receivable.ts';
import { processSubscription } from './subscription.ts';

/**
 * ERPNext's daily scheduler. Invoices become "Overdue" by plain SQL: no webhook, and `modified` stays. Every
 * subscription that is not cancelled is saved again, with webhooks that mostly say nothing new.
 */
export function runDailyJob(site: Site): void {
  const today = site.clock.today();
  for (const invoice of site.all('Sales Invoice')) {
    const open = invoice.docstatus === 1 && number(invoice, 'outstanding_amount') > 0;
    const flips = invoice.status === 'Unpaid' || invoice.status === 'Partly Paid';
    if (open && flips && isOverdue(invoice, today)) invoice.status = 'Overdue';
  }
  for (const subscription of site.all('Subscription')) {
    if (subscription.status === 'Cancelled' || subscription.status === 'Completed') continue;
    site.transact('Administrator', (tx) => processSubscription(tx, subscription));
  }
}
