import { type Doc, number, type Row, rows, text } from '../site/document.ts';
import { applyInput, blankDocument } from '../site/new-document.ts';
import type { Site } from '../site/site.ts';
import { payable } from './receivable.ts';

/** A Payment Entry over what an invoice still owes (or over `amount`), not stored: the caller POSTs it. */
export function draftPayment(
  site: Site,
  user: string,
  wanted: { readonly invoice: string; readonly amount?: number | undefined },
): Doc {
  const invoice = site.get('Sales Invoice', wanted.invoice);
  const outstanding = number(invoice, 'outstanding_amount');
  const amount = wanted.amount ?? outstanding;
  const reference = {
    reference_doctype: 'Sales Invoice',
    reference_name: wanted.invoice,
    due_date: text(invoice, 'due_date'),
    total_amount: payable(invoice),
    outstanding_amount: outstanding,
    allocated_amount: Math.min(amount, outstanding),
  };
  return draft(site, 'Payment Entry', user, {
    ...receipt(site, text(invoice, 'customer'), amount),
    references: [reference],
  });
}

/** The fields of money received from a customer, in cash. */
export const receipt = (site: Site, customer: string, amount: number): Record<string, unknown> => ({
  payment_type: 'Receive',
  party_type: 'Customer',
  party: customer,
  paid_amount: amount,
  received_amount: amount,
  paid_from: `Debtors - ${site.settings.abbreviation}`,
  paid_to: `Cash - ${site.settings.abbreviation}`,
  posting_date: site.clock.today(),
});

/** A credit note over the whole invoice, not stored: same lines, negative quantities. */
export function draftCreditNote(site: Site, user: string, invoiceName: string): Doc {
  const invoice = site.get('Sales Invoice', invoiceName);
  return draft(site, 'Sales Invoice', user, {
    customer: text(invoice, 'customer'),
    subscription: invoice.subscription,
    is_return: 1,
    return_against: invoiceName,
    items: rows(invoice, 'items').map((row: Row) => ({ ...row, qty: -number(row, 'qty') })),
  });
}

function draft(site: Site, doctype: string, user: string, values: Record<string, unknown>): Doc {
  const meta = site.meta(doctype);
  const birth = { user, at: site.clock.stamp() };
  const doc = blankDocument(meta, birth);
  applyInput(meta, doc, values, birth);
  return doc;
}
