import type { Controller } from '../lifecycle/controller.ts';
import { type Doc, number, rows, text } from '../site/document.ts';
import { crashed, invalid } from '../site/frappe-error.ts';
import type { Transaction } from '../site/transaction.ts';
import { setTotals } from './invoice-totals.ts';
import { unlinkPayments } from './payment.ts';
import { payable, reduceOutstanding, submittedStatus } from './receivable.ts';
import { setTerms } from './terms.ts';

export const invoiceController: Controller = {
  validate: (tx, doc) => {
    refuseAsPythonDoes(tx, doc);
    setParty(tx, doc);
    setDates(tx, doc);
    setTotals(tx, doc);
    setTerms(tx, doc);
    doc.outstanding_amount = payable(doc);
    doc.status = 'Draft';
  },
  onSubmit: (tx, doc) => {
    if (settlesOriginal(doc)) {
      doc.outstanding_amount = 0;
      reduceOutstanding(tx, text(doc, 'return_against'), -payable(doc));
    }
    doc.status = submittedStatus(tx.site, doc);
  },
  onCancel: (tx, doc) => {
    // The outstanding amount stays as it was: whoever believes it sees a debt in a cancelled invoice.
    doc.status = 'Cancelled';
    if (settlesOriginal(doc)) reduceOutstanding(tx, text(doc, 'return_against'), payable(doc));
    unlinkPayments(tx, text(doc, 'name'));
  },
  staleInstance: (doc) => ({ ...structuredClone(doc), status: 'Draft', outstanding_amount: 0 }),
};

/** A credit note stands for itself unless told otherwise, and then the original keeps its outstanding amount. */
const settlesOriginal = (doc: Doc): boolean =>
  doc.is_return === 1 && doc.update_outstanding_for_self === 0 && text(doc, 'return_against') !== '';

/** Mistakes of the caller that ERPNext 15 answers with an uncaught error, status 500. */
function refuseAsPythonDoes(tx: Transaction, doc: Doc): void {
  const customer = text(doc, 'customer');
  if (customer !== '' && !tx.site.find('Customer', customer)) {
    throw crashed('AttributeError', "'NoneType' object has no attribute 'customer_name'");
  }
  if (rows(doc, 'items').length === 0) {
    throw crashed('TypeError', "unsupported operand type(s) for +=: 'NoneType' and 'float'");
  }
}

function setParty(tx: Transaction, doc: Doc): void {
  const customer = tx.site.find('Customer', text(doc, 'customer'));
  if (!customer) return;
  const { company, abbreviation, currency } = tx.site.settings;
  for (const field of ['customer_name', 'customer_group', 'territory', 'tax_id'] as const) {
    doc[field] ??= customer[field] ?? null;
  }
  doc.title = text(doc, 'customer_name');
  doc.contact_mobile ??= customer.mobile_no ?? null;
  doc.company ??= company;
  doc.debit_to ??= `Debtors - ${abbreviation}`;
  doc.against_income_account ??= `Sales - ${abbreviation}`;
  for (const field of ['currency', 'party_account_currency', 'price_list_currency'] as const) doc[field] ??= currency;
}

/** Without `set_posting_time` an invoice is posted now, whatever date the caller sent. */
function setDates(tx: Transaction, doc: Doc): void {
  if (doc.set_posting_time !== 1 || doc.posting_date === null) {
    doc.posting_date = tx.site.clock.today();
    doc.posting_time = tx.stamp().slice(11);
  }
  doc.posting_time ??= '0:00:00';
  doc.due_date ??= text(doc, 'posting_date');
  if (text(doc, 'due_date') < text(doc, 'posting_date') && number(doc, 'is_return') === 0) {
    throw invalid('Due Date cannot be before Posting / Supplier Invoice Date');
  }
}
