import type { Invoice, Receipt } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { History } from '#ports/ledger/feed.ts';
import type { Fetched, LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields, Filter } from './client.ts';
import { type InvoiceReader, invoiceDoctype, invoiceFields, type Versioned } from './invoice.ts';
import { confirmEmpty } from './reading.ts';
import { type ReceiptReader, receiptDoctype, receiptFields } from './receipt.ts';
import { type RefundReader, refundFields } from './refund.ts';

/** How the settled documents of a doctype are listed; `read` null: the row decides something, and is read otherwise. */
type Listing = {
  readonly fields: readonly string[];
  readonly filters: readonly Filter[];
  readonly read: (row: Fields) => Result<Fetched | null, string>;
};

export type HistoryReaders = {
  readonly invoices: InvoiceReader;
  readonly receipts: ReceiptReader;
  readonly refunds: RefundReader;
};

const inForce: Filter = ['docstatus', '=', 1];

const settledBill = (row: Versioned<Omit<Invoice, 'terms' | 'items'>>): Fetched | null => {
  const { version, fact } = row;
  if (!fact.submitted || fact.outstanding !== 0n) return null;
  return { version, fact: { ...fact, terms: [{ dueDate: fact.dueDate, amount: fact.total }], items: [] } };
};

const usedUp = (row: Versioned<Omit<Receipt, 'pays'> & { readonly allocated: boolean }>): Fetched | null => {
  const { allocated: _, ...fact } = row.fact;
  return fact.submitted && fact.unallocated === 0n ? { version: row.version, fact: { ...fact, pays: [] } } : null;
};

export const historyListings = ({ invoices, receipts, refunds }: HistoryReaders): ReadonlyMap<string, Listing> =>
  new Map<string, Listing>([
    [
      invoiceDoctype,
      {
        fields: invoiceFields,
        filters: [inForce, ['outstanding_amount', '=', 0]],
        read: (row) => {
          const read = invoices.row(row);
          return read.ok ? ok(settledBill(read.value)) : read;
        },
      },
    ],
    [
      receiptDoctype,
      {
        fields: [...new Set([...receiptFields, ...refundFields])],
        filters: [inForce, ['payment_type', 'in', ['Receive', 'Pay']], ['party_type', '=', 'Customer']],
        read: (row) => {
          const receipt = receipts.row(row);
          if (!receipt.ok) return receipt;
          return receipt.value === null ? refunds(row) : ok(usedUp(receipt.value));
        },
      },
    ],
  ]);

/**
 * See `LedgerFeed.history`. A page goes on after the last name of the one before; one that is empty ends it. What cannot be
 * read (another currency than the tenant's, from before it had one) is left out: it was settled, and must not keep the rest
 * from being read.
 */
export async function listHistory(
  { client, pageLength }: { readonly client: ErpnextClient; readonly pageLength: number },
  listings: ReadonlyMap<string, Listing>,
  doctype: string,
  after: string | null,
): Promise<Result<History, LedgerFailure>> {
  const listing = listings.get(doctype);
  if (!listing) return err({ reason: 'rejected', detail: `${doctype} has no history that is listed` });
  const { fields, filters, read } = listing;
  const from: readonly Filter[] = after === null ? [] : [['name', '>', after]];
  const listed = await client.list(doctype, { fields, filters: [...filters, ...from], pageLength });
  if (!listed.ok) return listed;
  const settled = listed.value.flatMap((row) => {
    const fact = read(row);
    return fact.ok && fact.value ? [fact.value] : [];
  });
  if (listed.value.length === 0) {
    const trusted = await confirmEmpty(client, null);
    return trusted.ok ? ok({ settled: [], after: null }) : trusted;
  }
  const last = listed.value.at(-1)?.name;
  if (typeof last !== 'string' || last === after)
    return err({ reason: 'nonsense', detail: `the list of settled ${doctype} brings nothing new` });
  return ok({ settled, after: last });
}
