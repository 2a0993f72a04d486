import type { LedgerRefund } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { amount, type Counting, date, foreignCurrency, optionalText, readFields, submittable } from './field-shapes.ts';
import type { Versioned } from './invoice.ts';
import { receiptDoctype } from './receipt.ts';

/** What a list of refunds is asked for. */
export const refundFields = [
  'name',
  'modified',
  'docstatus',
  'payment_type',
  'party_type',
  'party',
  'paid_amount',
  'posting_date',
  'paid_to_account_currency',
] as const;

/** Null: the payment is none that went back to a customer. */
export type RefundReader = (value: unknown) => Result<Versioned<LedgerRefund> | null, string>;

/** What goes back is rounded down: rounding never makes debt. */
export function refundReader(counting: Counting): RefundReader {
  const shape = submittable.extend({
    payment_type: optionalText,
    party_type: optionalText,
    party: optionalText,
    paid_amount: amount(counting.currency, 'floor'),
    posting_date: date,
    paid_to_account_currency: optionalText,
  });
  return (value) => {
    const read = readFields(receiptDoctype, shape, value);
    if (!read.ok) return read;
    const { name, modified, docstatus, payment_type: type, party_type: partyType, party } = read.value;
    if (type !== 'Pay' || partyType !== 'Customer' || party === null) return ok(null);
    const foreign = foreignCurrency(counting, read.value.paid_to_account_currency);
    if (foreign !== null)
      return err(`${receiptDoctype} ${name} is in ${foreign}, but this tenant counts in ${counting.currency}`);
    const { paid_amount, posting_date: paidOn } = read.value;
    const about = { kind: 'refund', name, customer: party, submitted: docstatus === '1' } as const;
    return ok({
      version: { doctype: receiptDoctype, name, modified },
      fact: { ...about, amount: paid_amount, paidOn },
    });
  };
}
