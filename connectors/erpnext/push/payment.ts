import { ok } from '#domain/result.ts';
import type { LedgerPush, NewLedgerPayment } from '#ports/ledger/push.ts';
import { type Fields, sameName } from '../client.ts';
import { receiptDoctype } from '../receipt.ts';
import { companyOf } from './company.ts';
import { paidToOf } from './paid-to.ts';
import { pushDocument } from './push-document.ts';
import type { Pusher } from './pusher.ts';
import { settleOldest } from './settle-oldest.ts';

/** A Payment Entry of the hub's reference, as another one would differ from it. */
const differs =
  ({ amount, minor }: Pusher, { customer, amount: asked }: NewLedgerPayment) =>
  (found: Fields): string | null => {
    if (!sameName(found.party, customer)) return `is of ${String(found.party)}`;
    const there = minor(found.paid_amount);
    return there === asked ? null : `is over ${String(found.paid_amount)}, not ${amount(asked)}`;
  };

/**
 * Money that the hub took, as one Payment Entry. It is inserted without references, which nothing can stand against, and is
 * put against bills as they are when it is submitted; so a bill that somebody else pays meanwhile leaves it as credit.
 */
export const recordPayment =
  (pusher: Pusher): LedgerPush['recordPayment'] =>
  (payment) => {
    const { client, mapping, amount } = pusher;
    const { hubRef, customer, method, paidOn, reference } = payment;
    return pushDocument(client, {
      doctype: receiptDoctype,
      field: mapping['Payment Entry'].reference,
      hubRef,
      document: async () => {
        const company = await companyOf(client, null);
        if (!company.ok) return company;
        const paidTo = await paidToOf(client, mapping.mode_of_payment, method, company.value);
        if (!paidTo.ok) return paidTo;
        const { default_receivable_account: receivable } = company.value;
        return ok({
          payment_type: 'Receive',
          party_type: 'Customer',
          party: customer,
          company: company.value.name,
          posting_date: paidOn,
          ...(receivable === null ? {} : { paid_from: receivable }),
          paid_to: paidTo.value.account,
          ...(paidTo.value.mode === null ? {} : { mode_of_payment: paidTo.value.mode }),
          paid_amount: amount(payment.amount),
          received_amount: amount(payment.amount),
          reference_no: reference,
          reference_date: paidOn,
        });
      },
      submitting: async () => {
        const references = await settleOldest(pusher, payment, amount);
        return references.ok ? ok({ references: references.value }) : references;
      },
      differs: differs(pusher, payment),
    });
  };
