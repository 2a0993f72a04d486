import { draftPayment, receipt } from '../accounts/drafts.ts';
import { allocate } from '../accounts/payment.ts';
import { type Input, text } from '../site/document.ts';
import type { Site } from '../site/site.ts';
import { type Desk, deskUser } from './desk.ts';

type Amount = { readonly invoice: string; readonly amount?: number };

export type PaymentVerbs = {
  /** A Payment Entry against one invoice over all that it owes, or `amount`; what is too much stays unallocated. */
  pay(wanted: Amount): string;
  /** A Payment Entry for no invoice: all of it unallocated. */
  advance(wanted: { readonly customer: string; readonly amount: number }): string;
  /** Payment Reconciliation: unallocated money pays an invoice. */
  allocate(wanted: Amount & { readonly payment: string }): void;
  cancelPayment(name: string): void;
  /** A Journal Entry that pays an invoice. */
  payByJournal(wanted: Required<Amount>): string;
  cancelJournal(name: string): void;
};

export function paymentVerbs(site: Site, desk: Desk): PaymentVerbs {
  const receive = (input: Input): string =>
    desk.insertAndSubmit('Payment Entry', {
      ...input,
      reference_no: 'TRANSFER',
      reference_date: site.clock.today(),
    });
  return {
    pay: (wanted) => receive(draftPayment(site, deskUser, wanted)),
    advance: ({ customer, amount }) => receive(receipt(site, customer, amount)),
    allocate: ({ payment, invoice, amount }) => site.transact(deskUser, (tx) => allocate(tx, payment, invoice, amount)),
    cancelPayment: (name) => desk.cancel('Payment Entry', name),
    payByJournal: (wanted) => desk.insertAndSubmit('Journal Entry', journalInput(site, wanted)),
    cancelJournal: (name) => desk.cancel('Journal Entry', name),
  };
}

function journalInput(site: Site, { invoice, amount }: Required<Amount>): Input {
  const { abbreviation } = site.settings;
  const customer = text(site.get('Sales Invoice', invoice), 'customer');
  const paid = { party_type: 'Customer', party: customer, reference_type: 'Sales Invoice', reference_name: invoice };
  return {
    accounts: [
      { account: `Debtors - ${abbreviation}`, credit_in_account_currency: amount, ...paid },
      { account: `Cash - ${abbreviation}`, debit_in_account_currency: amount },
    ],
  };
}
