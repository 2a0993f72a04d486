import { ok } from '#domain/result.ts';
import type { LedgerPush, NewLedgerBill } from '#ports/ledger/push.ts';
import { type Fields, sameName } from '../client.ts';
import { invoiceDoctype } from '../invoice.ts';
import { pushDocument } from './push-document.ts';
import type { Pusher } from './pusher.ts';

const sumOf = ({ lines }: NewLedgerBill): bigint =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + BigInt(quantity) * unitPrice, 0n);

const differs =
  ({ minor }: Pusher, bill: NewLedgerBill) =>
  (found: Fields): string | null => {
    if (!sameName(found.customer, bill.customer)) return `is of ${String(found.customer)}`;
    const asked = bill.kind === 'credit_note' ? -sumOf(bill) : sumOf(bill);
    // Before taxes that the site adds by itself.
    return minor(found.total) === asked ? null : `is over ${String(found.total)}, not ${asked}`;
  };

/** A credit note has negative quantities and stands for itself: it is the customer's, not of one bill. */
function documentOf({ amount }: Pusher, bill: NewLedgerBill): Fields {
  const { kind, customer, subscription, item, lines, periodFrom, periodTo, issuedOn, dueDate, notes } = bill;
  const isReturn = kind === 'credit_note';
  return {
    customer,
    ...(subscription === null ? {} : { subscription }),
    ...(isReturn ? { is_return: 1, update_outstanding_for_self: 1 } : {}),
    set_posting_time: 1,
    posting_date: issuedOn,
    // ERPNext takes no due date before the posting date.
    due_date: [dueDate, issuedOn].sort().at(-1),
    ...(periodFrom === null ? {} : { from_date: periodFrom }),
    ...(periodTo === null ? {} : { to_date: periodTo }),
    ...(notes === '' ? {} : { remarks: notes }),
    items: lines.map(({ description, quantity, unitPrice }) => ({
      item_code: item,
      description,
      qty: isReturn ? -quantity : quantity,
      rate: amount(unitPrice),
    })),
  };
}

/** A bill that ERPNext does not make itself, as one Sales Invoice. */
export const createInvoice =
  (pusher: Pusher): LedgerPush['createInvoice'] =>
  (bill) =>
    pushDocument(pusher.client, {
      doctype: invoiceDoctype,
      field: pusher.mapping['Sales Invoice'].reference,
      hubRef: bill.hubRef,
      document: async () => ok(documentOf(pusher, bill)),
      submitting: async () => ok({}),
      differs: differs(pusher, bill),
    });
