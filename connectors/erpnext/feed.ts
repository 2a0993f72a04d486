import type { LedgerFeed } from '#ports/ledger/feed.ts';
import { type Following, followed, listChanges } from './changes.ts';
import type { InvoiceReader } from './invoice.ts';
import type { ReceiptReader } from './receipt.ts';
import { isDeleted, listRoster, rosterListings } from './roster.ts';
import { readSiteZone } from './site-time.ts';
import { subscriptionsOf } from './subscriptions.ts';

/** Shorter than the time between two polls: a zone that somebody changes is known at the next one. */
const zoneKeptMs = 45_000;

/** The site's zone, asked for once for all lists of a poll. */
function rememberedZone({ client, now }: Omit<Following, 'zone'>): Following['zone'] {
  let known: { readonly at: number; readonly zone: Promise<string | null> } | null = null;
  return () => {
    const at = now().getTime();
    if (known === null || Math.abs(at - known.at) > zoneKeptMs) known = { at, zone: readSiteZone(client) };
    return known.zone;
  };
}

/** How ERPNext is followed by its `modified`, and compared whole. */
export function createErpnextFeed(
  parts: Omit<Following, 'zone'> & { readonly invoices: InvoiceReader; readonly receipts: ReceiptReader },
): LedgerFeed {
  const following: Following = { ...parts, zone: rememberedZone(parts) };
  const listings = rosterListings(parts.invoices, parts.receipts);
  return {
    followed: [...followed.keys()],
    changes: (doctype, cursor) => listChanges(following, doctype, cursor),
    listed: [...listings.keys()],
    roster: (doctype) => listRoster(following, listings, doctype),
    subscriptionsOf: (customer) => subscriptionsOf(parts, customer),
    isDeleted: (doctype, name) => isDeleted(following, doctype, name),
  };
}
