import { err, ok, type Result } from '#domain/result.ts';
import type { RosterEntry } from '#ports/ledger/feed.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { Following } from './changes.ts';
import type { Fields, Filter } from './client.ts';
import { customerDoctype } from './customer.ts';
import { documentHead, readFields } from './field-shapes.ts';
import { type InvoiceReader, invoiceDoctype, invoiceFields } from './invoice.ts';
import { type ReceiptReader, receiptDoctype, receiptFields } from './receipt.ts';
import { recentFrom } from './site-time.ts';
import { subscriptionDoctype } from './subscription.ts';
import { live } from './subscriptions.ts';
import { sweep } from './sweep.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;
type Entry = Omit<RosterEntry, 'isRecent'>;

/** How one doctype is listed; `read` null: the row is none that was asked for. */
type Listing = {
  readonly fields: readonly string[];
  readonly filters: readonly Filter[];
  readonly read: (row: Fields) => Result<Entry | null, string>;
};

const head =
  (doctype: string): Listing['read'] =>
  (row) => {
    const read = readFields(doctype, documentHead, row);
    return read.ok ? ok({ version: { doctype, ...read.value }, amount: null }) : read;
  };

export function rosterListings(invoices: InvoiceReader, receipts: ReceiptReader): ReadonlyMap<string, Listing> {
  return new Map<string, Listing>([
    [customerDoctype, { fields: ['name', 'modified'], filters: [], read: head(customerDoctype) }],
    [subscriptionDoctype, { fields: ['name', 'modified'], filters: live, read: head(subscriptionDoctype) }],
    [
      invoiceDoctype,
      {
        fields: invoiceFields,
        filters: [
          ['docstatus', '=', 1],
          ['outstanding_amount', '!=', 0],
        ],
        read: (row) => {
          const read = invoices.row(row);
          if (!read.ok) return read;
          const { version, fact } = read.value;
          return ok(fact.submitted && fact.outstanding !== 0n ? { version, amount: fact.outstanding } : null);
        },
      },
    ],
    [
      receiptDoctype,
      {
        fields: receiptFields,
        filters: [
          ['docstatus', '=', 1],
          ['payment_type', '=', 'Receive'],
          ['party_type', '=', 'Customer'],
          ['unallocated_amount', '>', 0],
        ],
        read: (row) => {
          const read = receipts.row(row);
          if (!read.ok || read.value === null) return read.ok ? ok(null) : read;
          const { version, fact } = read.value;
          return ok(fact.submitted && fact.unallocated > 0n ? { version, amount: fact.unallocated } : null);
        },
      },
    ],
  ]);
}

/** See `LedgerFeed.roster`. */
export async function listRoster(
  f: Following,
  listings: ReadonlyMap<string, Listing>,
  doctype: string,
): Answer<readonly RosterEntry[]> {
  const listing = listings.get(doctype);
  if (!listing) return err({ reason: 'rejected', detail: `${doctype} is not listed whole` });
  const startedAt = f.now();
  const swept = await sweep(f.client, doctype, { ...listing, pageLength: f.pageLength });
  if (!swept.ok) return swept;
  const entries: Entry[] = [];
  for (const row of swept.value.rows) {
    const read = listing.read(row);
    if (!read.ok) return err({ reason: 'nonsense', detail: read.error });
    if (read.value) entries.push(read.value);
  }
  const recent = recentFrom(startedAt, await f.zone(), f.overlapMs);
  return ok(entries.map((entry) => ({ ...entry, isRecent: entry.version.modified >= recent })));
}

/** See `LedgerFeed.isDeleted`: Frappe writes down what is deleted, and by whom. */
export async function isDeleted({ client }: Following, doctype: string, name: string): Answer<boolean> {
  const filters: readonly Filter[] = [
    ['deleted_doctype', '=', doctype],
    ['deleted_name', '=', name],
  ];
  const listed = await client.list('Deleted Document', { fields: ['name'], filters, pageLength: 1 });
  return listed.ok ? ok(listed.value.length > 0) : listed;
}
