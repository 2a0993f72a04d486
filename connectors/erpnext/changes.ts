import { z } from 'zod';
import { parseExactJson } from '#connectors/kit/exact-json.ts';
import type { DocumentVersion } from '#domain/facts.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Changes } from '#ports/ledger/feed.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { ErpnextClient, Fields, Filter } from './client.ts';
import { customerDoctype } from './customer.ts';
import { documentHead, readFields } from './field-shapes.ts';
import { invoiceDoctype } from './invoice.ts';
import { journalDoctype } from './journal.ts';
import { planDoctype } from './plan.ts';
import { receiptDoctype } from './receipt.ts';
import { askedFrom, earliestClock, type SeenLast } from './site-time.ts';
import { subscriptionDoctype } from './subscription.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

const ofCustomers: readonly Filter[] = [['party_type', '=', 'Customer']];

/** What of each doctype can concern a customer; the rest is never asked for. */
export const followed: ReadonlyMap<string, readonly Filter[]> = new Map([
  [customerDoctype, []],
  [planDoctype, []],
  [subscriptionDoctype, ofCustomers],
  [invoiceDoctype, []],
  [receiptDoctype, [['payment_type', 'in', ['Receive', 'Pay']], ...ofCustomers]],
  // A document is listed once for each of its rows that fits.
  [journalDoctype, [['Journal Entry Account', 'party_type', '=', 'Customer']]],
]);

export type Following = {
  readonly client: ErpnextClient;
  readonly pageLength: number;
  readonly now: () => Date;
  /** The site's time zone, where it is known. */
  readonly zone: () => Promise<string | null>;
  /** How long a transaction of ERPNext may take from the stamp to its commit. */
  readonly overlapMs: number;
};

const frappePageLength = 20;
const maxPages = 2000;

const keyOf = ({ name, modified }: DocumentVersion): string => `${modified} ${name}`;

function versionsOf(doctype: string, rows: readonly Fields[]): Result<readonly DocumentVersion[], LedgerFailure> {
  const versions: DocumentVersion[] = [];
  for (const row of rows) {
    const head = readFields(doctype, documentHead, row);
    if (!head.ok) return err({ reason: 'nonsense', detail: head.error });
    versions.push({ doctype, ...head.value });
  }
  return ok(versions);
}

async function page(
  { client, pageLength }: Following,
  doctype: string,
  from: string,
  after: DocumentVersion | null,
): Answer<readonly DocumentVersion[]> {
  const filters: Filter[] = [...(followed.get(doctype) ?? []), ['modified', '>=', after?.modified ?? from]];
  const beyond: readonly Filter[] = after
    ? [
        ['modified', '>', after.modified],
        ['name', '>', after.name],
      ]
    : [];
  const listed = await client.list(doctype, {
    fields: ['name', 'modified'],
    filters,
    ...(after ? { orFilters: beyond } : {}),
    pageLength,
    orderBy: 'modified asc, name asc',
  });
  return listed.ok ? versionsOf(doctype, listed.value) : listed;
}

/** Every version from a moment on, by (modified, name): pages go on after the last one, not by offset. */
async function changedFrom(f: Following, doctype: string, from: string): Answer<readonly DocumentVersion[]> {
  const found = new Map<string, DocumentVersion>();
  for (let pages = 0, after: DocumentVersion | null = null; pages < maxPages; pages += 1) {
    const versions = await page(f, doctype, from, after);
    if (!versions.ok) return versions;
    const before = found.size;
    for (const version of versions.value) found.set(keyOf(version), version);
    const size = versions.value.length;
    if (size === 0 || (size < f.pageLength && size !== frappePageLength)) return ok([...found.values()]);
    if (found.size === before)
      return err({ reason: 'nonsense', detail: `the list of changed ${doctype} brings nothing new` });
    after = versions.value.at(-1) ?? null;
  }
  return err({ reason: 'nonsense', detail: `the list of changed ${doctype} does not end` });
}

/** Before anything was ever stamped. */
const beginning = '1970-01-01 00:00:00.000000';

/** An empty list is a new site's, or a lie: what is stamped from a day ago on is asked for, and not years of it. */
async function newestOf({ client, now }: Following, doctype: string): Answer<string> {
  const listed = await client.list(doctype, {
    fields: ['name', 'modified'],
    filters: followed.get(doctype) ?? [],
    pageLength: 1,
    orderBy: 'modified desc',
  });
  const versions = listed.ok ? versionsOf(doctype, listed.value) : listed;
  return versions.ok ? ok(versions.value[0]?.modified ?? earliestClock(now())) : versions;
}

/**
 * Where following begins. Journal Entries of customers are few, no list tells what they move, and none is ever open: they
 * are told from the first one on.
 */
const firstOf = (f: Following, doctype: string): Answer<string> =>
  doctype === journalDoctype ? Promise.resolve(ok(beginning)) : newestOf(f, doctype);

const cursorShape = z.object({ newest: z.string(), at: z.iso.datetime() });

/** A cursor that cannot be read begins anew: what is open is read by state all the same. */
function readCursor(cursor: string | null): SeenLast | null {
  const json = cursor === null ? null : parseExactJson(cursor);
  const read = json?.ok ? cursorShape.safeParse(json.value) : null;
  return read?.success ? { newest: read.data.newest, askedAt: new Date(read.data.at) } : null;
}

const later = (a: string, { modified }: DocumentVersion): string => (modified > a ? modified : a);

/**
 * The hub's user at a site may be kept from Journal Entries, which decide nothing: they are left out then, and the cursor
 * stays where it is.
 */
const isSpared = (doctype: string, { reason }: LedgerFailure): boolean =>
  doctype === journalDoctype && (reason === 'unauthorized' || reason === 'rejected');

/** See `LedgerFeed.changes`. The cursor: the newest `modified`, in the site's naive time, and when it was first seen. */
export async function listChanges(f: Following, doctype: string, cursor: string | null): Answer<Changes> {
  if (!followed.has(doctype)) return err({ reason: 'rejected', detail: `changes of ${doctype} are not followed` });
  const now = f.now();
  const last = readCursor(cursor);
  const newest = last === null ? await firstOf(f, doctype) : ok(last.newest);
  if (!newest.ok) return newest;
  const from = askedFrom(last ?? { newest: newest.value, askedAt: now }, now, await f.zone(), f.overlapMs);
  const versions = await changedFrom(f, doctype, from);
  if (!versions.ok) return isSpared(doctype, versions.error) ? ok({ versions: [], cursor: cursor ?? '' }) : versions;
  const latest = versions.value.reduce(later, newest.value);
  const at = last?.newest === latest ? last.askedAt : now;
  const seen = { newest: latest, at: at.toISOString() };
  return ok({ versions: versions.value, cursor: JSON.stringify(seen) });
}
