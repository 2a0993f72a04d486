import type { Controller } from '../lifecycle/controller.ts';
import { type Doc, number, type Row, roundMoney, rows, text } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import type { Transaction } from '../site/transaction.ts';
import { reduceOutstanding } from './receivable.ts';

export const journalController: Controller = {
  validate: (tx, doc) => {
    doc.posting_date ??= tx.site.clock.today();
    doc.company ??= tx.site.settings.company;
    setSums(doc);
    if (doc.difference !== 0) throw invalid('Total Debit must be equal to Total Credit.');
    for (const row of invoiceRows(doc)) checkInvoice(tx, row);
  },
  onSubmit: (tx, doc) => settleInvoices(tx, doc, 1),
  onCancel: (tx, doc) => settleInvoices(tx, doc, -1),
};

function setSums(doc: Doc): void {
  const entries = rows(doc, 'accounts');
  for (const row of entries) {
    row.debit = number(row, 'debit_in_account_currency');
    row.credit = number(row, 'credit_in_account_currency');
  }
  doc.total_debit = roundMoney(entries.reduce((sum, row) => sum + number(row, 'debit'), 0));
  doc.total_credit = roundMoney(entries.reduce((sum, row) => sum + number(row, 'credit'), 0));
  doc.difference = roundMoney(doc.total_debit - doc.total_credit);
  doc.total_amount = doc.total_debit;
}

const invoiceRows = (doc: Doc): Row[] =>
  rows(doc, 'accounts').filter((row) => row.reference_type === 'Sales Invoice' && text(row, 'reference_name') !== '');

const credited = (row: Row): number => roundMoney(number(row, 'credit') - number(row, 'debit'));

function checkInvoice(tx: Transaction, row: Row): void {
  const name = text(row, 'reference_name');
  const invoice = tx.site.find('Sales Invoice', name);
  if (!invoice) throw invalid(`Could not find Row #${row.idx}: Reference Name: ${name}`, 'LinkValidationError');
  if (invoice.docstatus !== 1) throw invalid(`Sales Invoice ${name} is not submitted`);
  if (credited(row) > number(invoice, 'outstanding_amount') && invoice.is_return !== 1) {
    throw invalid(`Payment against Sales Invoice ${name} cannot be greater than Outstanding Amount`);
  }
}

function settleInvoices(tx: Transaction, doc: Doc, sign: 1 | -1): void {
  for (const row of invoiceRows(doc)) reduceOutstanding(tx, text(row, 'reference_name'), sign * credited(row));
}
