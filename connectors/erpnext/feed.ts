import type { LedgerFeed } from '#ports/ledger/feed.ts';
import { type Following, followed, listChanges } from './changes.ts';
import { type HistoryReaders, historyListings, listHistory } from './history.ts';
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
export function createErpnextFeed(parts: Omit<Following, 'zone'> & HistoryReaders): LedgerFeed {
  const following: Following = { ...parts, zone: rememberedZone(parts) };
  const listings = rosterListings(parts.invoices, parts.receipts);
  const historic = historyListings(parts);
  return {
    followed: [...followed.keys()],
    changes: (doctype, cursor) => listChanges(following, doctype, cursor),
    listed: [...listings.keys()],
    roster: (doctype) => listRoster(following, listings, doctype),
    historic: [...historic.keys()],
    history: (doctype, after) => listHistory(parts, historic, doctype, after),
    subscriptionsOf: (customer) => subscriptionsOf(parts, customer),
    isDeleted: (doctype, name) => isDeleted(following, doctype, name),
  };
}
