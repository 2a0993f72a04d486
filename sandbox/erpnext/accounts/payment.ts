import type { Controller } from '../lifecycle/controller.ts';
import { type Doc, number, type Row, roundMoney, rows, text } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import { hashName, newRow } from '../site/new-document.ts';
import { touch } from '../site/touch.ts';
import type { Transaction } from '../site/transaction.ts';
import { amountInWords } from './invoice-totals.ts';
import { payable, reduceOutstanding } from './receivable.ts';

export const paymentController: Controller = {
  validate: (tx, doc) => {
    setAccounts(tx, doc);
    for (const row of rows(doc, 'references')) checkReference(tx, doc, row);
    setAmounts(doc);
    if (number(doc, 'unallocated_amount') < 0) {
      throw invalid('Total Allocated Amount cannot be greater than the Paid Amount');
    }
    doc.remarks ??= remarksOf(doc);
    doc.status = 'Draft';
  },
  onSubmit: (tx, doc) => {
    doc.status = 'Submitted';
    applyReferences(tx, doc, 1);
  },
  onCancel: (tx, doc) => {
    doc.status = 'Cancelled';
    applyReferences(tx, doc, -1);
  },
};

function setAccounts(tx: Transaction, doc: Doc): void {
  const { company, abbreviation, currency } = tx.site.settings;
  const party = text(doc, 'party');
  if (doc.party_type === 'Customer' && party !== '' && !tx.site.find('Customer', party)) {
    throw invalid(`Could not find Party: ${party}`, 'LinkValidationError');
  }
  doc.posting_date ??= tx.site.clock.today();
  doc.company ??= company;
  doc.paid_from ??= `Debtors - ${abbreviation}`;
  doc.paid_from_account_currency ??= currency;
  doc.paid_to_account_currency ??= currency;
  doc.party_name ??= party;
  doc.title = party;
}

function checkReference(tx: Transaction, doc: Doc, row: Row): void {
  const name = text(row, 'reference_name');
  if (row.reference_doctype !== 'Sales Invoice') return;
  const invoice = tx.site.find('Sales Invoice', name);
  if (!invoice) throw invalid(`Could not find Row #${row.idx}: Reference Name: ${name}`, 'LinkValidationError');
  if (invoice.customer !== doc.party) throw invalid(`Sales Invoice ${name} is not associated with ${doc.party}`);
  if (invoice.docstatus !== 1) throw invalid(`Sales Invoice ${name} must be submitted`);
  const outstanding = number(invoice, 'outstanding_amount');
  row.total_amount = payable(invoice);
  row.outstanding_amount = outstanding;
  row.due_date = text(invoice, 'due_date');
  row.account = text(invoice, 'debit_to');
  if (Math.abs(number(row, 'allocated_amount')) > Math.abs(outstanding)) {
    throw invalid(`Row #${row.idx}: Allocated Amount cannot be greater than outstanding amount.`);
  }
}

const amountTwins = {
  paid_amount: ['base_paid_amount', 'base_paid_amount_after_tax', 'paid_amount_after_tax'],
  received_amount: ['base_received_amount', 'base_received_amount_after_tax', 'received_amount_after_tax'],
  total_allocated_amount: ['base_total_allocated_amount'],
} as const;

function setAmounts(doc: Doc): void {
  const allocated = rows(doc, 'references').reduce((sum, row) => sum + number(row, 'allocated_amount'), 0);
  doc.total_allocated_amount = roundMoney(allocated);
  doc.unallocated_amount = roundMoney(number(doc, 'paid_amount') - allocated);
  for (const [field, twins] of Object.entries(amountTwins)) {
    for (const twin of twins) doc[twin] = number(doc, field);
  }
  doc.in_words = amountInWords(text(doc, 'paid_to_account_currency'), number(doc, 'paid_amount'));
  doc.base_in_words = doc.in_words;
}

function remarksOf(doc: Doc): string {
  const currency = text(doc, 'paid_to_account_currency');
  const lines = [`Amount ${currency} ${number(doc, 'paid_amount')} received from ${text(doc, 'party')}`];
  if (doc.reference_no) lines.push(`Transaction reference no ${doc.reference_no} dated ${doc.reference_date}`);
  for (const row of rows(doc, 'references')) {
    const amount = number(row, 'allocated_amount');
    lines.push(`Amount ${currency} ${amount} against ${row.reference_doctype} ${row.reference_name}`);
  }
  return lines.join('\n');
}

function applyReferences(tx: Transaction, doc: Doc, sign: 1 | -1): void {
  for (const row of rows(doc, 'references')) {
    if (row.reference_doctype !== 'Sales Invoice') continue;
    const invoice = text(row, 'reference_name');
    reduceOutstanding(tx, invoice, sign * number(row, 'allocated_amount'));
    row.outstanding_amount = number(tx.site.get('Sales Invoice', invoice), 'outstanding_amount');
    row.modified = tx.stamp();
  }
}

/**
 * Puts money of a submitted payment against an invoice, as Payment Reconciliation does: `on_change` of both.
 * `amount` defaults to as much as both sides allow.
 */
export function allocate(tx: Transaction, paymentName: string, invoiceName: string, amount?: number): void {
  const payment = tx.site.get('Payment Entry', paymentName);
  const invoice = tx.site.get('Sales Invoice', invoiceName);
  const free = number(payment, 'unallocated_amount');
  const allocated = amount ?? Math.min(free, number(invoice, 'outstanding_amount'));
  if (payment.docstatus !== 1 || allocated <= 0 || allocated > free) throw invalid('Nothing to allocate');
  const meta = tx.site.meta('Payment Entry').tables.references;
  if (!meta) throw new Error('Payment Entry has no references');
  const list = rows(payment, 'references');
  const place = { parent: payment, table: 'references', idx: list.length + 1 };
  const values = { reference_doctype: 'Sales Invoice', reference_name: invoiceName, allocated_amount: allocated };
  const row = newRow(meta, place, values, { user: tx.user, at: tx.stamp() });
  checkReference(tx, payment, row);
  list.push({ ...row, name: hashName(), docstatus: 1 });
  setAmounts(payment);
  reduceOutstanding(tx, invoiceName, allocated);
  touch(tx, payment);
  tx.note('on_change', payment);
}

/**
 * Cancelling an invoice frees the payments that were put against it. ERPNext does that in SQL: `modified` moves and no
 * webhook tells (read in its source, not recorded).
 */
export function unlinkPayments(tx: Transaction, invoiceName: string): void {
  for (const payment of tx.site.all('Payment Entry')) {
    const references = rows(payment, 'references');
    const kept = references.filter((row) => row.reference_name !== invoiceName);
    if (payment.docstatus !== 1 || kept.length === references.length) continue;
    payment.references = kept;
    setAmounts(payment);
    touch(tx, payment);
  }
}
