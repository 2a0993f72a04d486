import { askLedger, askSubscriptions, markDocuments } from '#access/mark-dirty.ts';
import { actionOn, type DriftKind } from '#domain/drift.ts';
import type { LedgerFeed } from '#ports/ledger/feed.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import { type Absent, type Compared, compareRoster, distrust, type Missed } from './compare-roster.ts';
import { type HeldDocument, lastReading, readBeliefs } from './ledger-beliefs.ts';
import { type Running, SweepFailed } from './reconciling.ts';
import { type Found, recordDrift } from './record-drift.ts';

/** Readings of all that is open are a minute apart: what they bring is no drift while they come. */
const readingLateMs = 180_000;

const bearsLine = (doctype: string): boolean => doctype === 'Customer' || doctype === 'Subscription';

const inWords = (held: HeldDocument | null): string => {
  if (held === null) return 'not known here';
  if (held.gone) return 'gone, as far as is known here';
  return held.amount === null ? `known as of ${held.modified}` : `${held.amount} open, as far as is known here`;
};

type Case = {
  readonly kind: DriftKind;
  readonly doctype: string;
  readonly name: string;
  readonly subscriptionId: string | null;
  readonly was: string;
  readonly shouldBe: string;
  readonly why: string;
};

const missedCase = (doctype: string, { name, subscriptionId, held, listed }: Missed): Case => ({
  kind: 'ledger_missed',
  ...{ doctype, name, subscriptionId },
  was: inWords(held),
  shouldBe: listed.amount === null ? `as of ${listed.version.modified}` : `${listed.amount} open`,
  why: 'ERPNext has had it otherwise for a while, and neither a webhook nor a poll has brought it here.',
});

/** What became of a document that is listed no more. Nothing is believed of it before it has been looked at by itself. */
async function absentCase(ledger: Ledger, feed: LedgerFeed, doctype: string, absent: Absent): Promise<Case | null> {
  const { name, subscriptionId, held } = absent;
  const about = { doctype, name, subscriptionId, was: 'not listed by ERPNext', shouldBe: inWords(held) };
  if (!bearsLine(doctype) && !held?.isCredit) return null;
  const looked = await ledger.fetch(doctype, name);
  if (!looked.ok) throw new SweepFailed(looked.error.detail);
  if (looked.value !== null) return null;
  const deleted = await feed.isDeleted(doctype, name);
  if (!deleted.ok && deleted.error.reason === 'unreachable') throw new SweepFailed(deleted.error.detail);
  const isProved = deleted.ok && deleted.value;
  if (bearsLine(doctype)) {
    const why = isProved
      ? 'It was deleted in ERPNext, and a line here still stands on it: nobody is billed for that line.'
      : 'ERPNext does not know it and tells of no deletion: it was renamed, or is hidden from the hub.';
    return { kind: 'ledger_gone', ...about, why };
  }
  if (isProved) return null;
  const why =
    'ERPNext does not know this credit and tells of no deletion: it still counts, and its customer is not cut.';
  return { kind: 'ledger_unproved', ...about, why };
}

type Work = { readonly cases: readonly Case[]; readonly toLookAt: readonly string[] };

async function casesOf(
  r: Running,
  ledger: Ledger,
  feed: LedgerFeed,
  doctype: string,
  { missed, absent }: Compared,
): Promise<Work> {
  const cases: Case[] = missed.map((one) => missedCase(doctype, one));
  for (const one of absent) {
    const found = await absentCase(ledger, feed, doctype, one);
    if (found) cases.push(found);
  }
  // What left the list of what is open is told by the next reading; that none comes is what there is to tell.
  const readAt = await r.db.look(r.run.tenantId, (tx) => lastReading(tx, r.run.tenantId));
  const isRead = readAt !== null && r.clock() - readAt.getTime() < readingLateMs;
  const told = new Set(cases.map(({ name }) => name));
  const unread = isRead || bearsLine(doctype) ? [] : absent.filter(({ name }) => !told.has(name));
  const late = unread.map(
    ({ name, subscriptionId, held }): Case => ({
      ...{ kind: 'ledger_missed', doctype, name, subscriptionId, was: inWords(held), shouldBe: 'not open in ERPNext' },
      why: 'It has left the list of what is open, and ERPNext has not been read whole since.',
    }),
  );
  return { cases: [...cases, ...late], toLookAt: absent.map(({ name }) => name) };
}

/** Keeps what was found; a look at each document is the repair, and decides nothing but by what it finds. */
async function settle(r: Running, doctype: string, { cases, toLookAt }: Work): Promise<void> {
  const { tenantId, correlationId } = r.run;
  const action = (kind: DriftKind) => (actionOn(kind, r.policy) === 'repair' ? 'repaired' : 'reported');
  const found = cases.map(
    ({ kind, name, subscriptionId, was, shouldBe, why }): Found => ({
      ...{ kind, subject: `${doctype} ${name}`, subscriptionId, was, shouldBe, why, action: action(kind) },
      since: r.lastRunAt ?? new Date(r.clock()),
    }),
  );
  const names = [...toLookAt, ...cases.filter(({ kind }) => action(kind) === 'repaired').map(({ name }) => name)];
  await r.db.worker(tenantId, async (tx) => {
    r.count(
      0,
      found.map(({ kind }) => kind),
    );
    await recordDrift(tx, r.run, found);
    for (let from = 0; from < names.length; from += marksAtATime) {
      const some = names.slice(from, from + marksAtATime);
      await markDocuments(
        tx,
        tenantId,
        some.map((name) => ({ doctype, name, correlationId })),
      );
    }
  });
}

/** A statement has 65,535 parameters at most; a mark has four. */
const marksAtATime = 5_000;

async function sweepDoctype(r: Running, ledger: Ledger, feed: LedgerFeed, doctype: string): Promise<void> {
  // The bridge first: what is recorded while the list comes is then at worst looked at once more.
  const beliefs = await r.db.look(r.run.tenantId, (tx) => readBeliefs(tx, r.run.tenantId, doctype));
  const roster = await feed.roster(doctype);
  if (!roster.ok) throw new SweepFailed(roster.error.detail);
  const compared = compareRoster(doctype, roster.value, beliefs);
  const why = bearsLine(doctype) ? distrust(doctype, roster.value, compared, beliefs.expected.size) : null;
  if (why !== null) throw new SweepFailed(why);
  const work = await casesOf(r, ledger, feed, doctype, compared);
  if (work.cases.length + work.toLookAt.length > 0) await settle(r, doctype, work);
}

/**
 * Compares all that the hub believes of a ledger with what the ledger lists (spec B5): customers, subscriptions, open bills
 * and receipts, deletions too. It marks documents to be looked at and tells what it found; it concludes nothing itself, and
 * nothing at all from a list that is empty or has shrunk.
 */
export async function sweepLedger(r: Running): Promise<void> {
  const { tenantId, correlationId } = r.run;
  const ledger = await r.ledgerOf(tenantId);
  if (!ledger?.feed) return;
  for (const doctype of ledger.feed.listed) await sweepDoctype(r, ledger, ledger.feed, doctype);
  await r.db.worker(tenantId, (tx) =>
    markDocuments(
      tx,
      tenantId,
      [askLedger, askSubscriptions].map((doctype) => ({ doctype, name: '*', correlationId })),
    ),
  );
}
