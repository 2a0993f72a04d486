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
    for (const row of rows(doc, 'accounts')) checkParty(tx, row);
    for (const row of invoiceRows(doc)) checkInvoice(tx, row);
  },
  onSubmit: (tx, doc) => {
    for (const row of rows(doc, 'accounts')) checkCostCentre(tx, row);
    settleInvoices(tx, doc, 1);
  },
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

const typeOf = (tx: Transaction, row: Row, field: 'account_type' | 'root_type'): string => {
  const account = tx.site.find('Account', text(row, 'account'));
  return account ? text(account, field) : '';
};

/** What customers owe, and what suppliers are owed, is somebody's. */
function checkParty(tx: Transaction, row: Row): void {
  const [kind, name] = [text(row, 'party_type'), text(row, 'party')];
  const type = typeOf(tx, row, 'account_type');
  if ((type === 'Receivable' || type === 'Payable') && (kind === '' || name === '')) {
    throw invalid(
      `Row ${row.idx}: Party Type and Party is required for Receivable / Payable account ${text(row, 'account')}`,
    );
  }
  if (kind !== '' && name !== '' && !tx.site.find(kind, name)) {
    throw invalid(`Could not find Row #${row.idx}: Party: ${name}`, 'LinkValidationError');
  }
}

/** Checked of the ledger's entries, so of a draft not yet. */
function checkCostCentre(tx: Transaction, row: Row): void {
  const root = typeOf(tx, row, 'root_type');
  if ((root !== 'Expense' && root !== 'Income') || text(row, 'cost_center') !== '') return;
  throw invalid(
    `Journal Entry: Cost Center is required for 'Profit and Loss' account ${text(row, 'account')}. Please set up a default Cost Center for the Company.`,
  );
}

function settleInvoices(tx: Transaction, doc: Doc, sign: 1 | -1): void {
  for (const row of invoiceRows(doc)) reduceOutstanding(tx, text(row, 'reference_name'), sign * credited(row));
}
