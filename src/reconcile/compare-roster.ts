import type { RosterEntry } from '#ports/ledger/feed.ts';
import { type Beliefs, foldName, type HeldDocument } from './ledger-beliefs.ts';

/** A document that the hub knows otherwise than the ledger lists it, or not at all. */
export type Missed = {
  readonly name: string;
  readonly subscriptionId: string | null;
  readonly held: HeldDocument | null;
  readonly listed: RosterEntry;
};

/** A document that the hub counts on, and that the ledger does not list. */
export type Absent = {
  readonly name: string;
  readonly subscriptionId: string | null;
  readonly held: HeldDocument | null;
};

export type Compared = { readonly missed: readonly Missed[]; readonly absent: readonly Absent[] };

const isSame = (held: HeldDocument, { amount, version }: RosterEntry): boolean =>
  !held.gone && (amount === null ? held.modified === version.modified : held.amount === amount);

/**
 * What a whole list says against what the hub believes. A document of which word may still be under way, or which somebody
 * is about to look at, is neither. Customers that no customer of the hub's is linked to are the ledger's own, and one that
 * was never looked at is not known otherwise.
 */
export function compareRoster(doctype: string, roster: readonly RosterEntry[], beliefs: Beliefs): Compared {
  const { documents, expected, marked } = beliefs;
  const listed = new Map(roster.map((entry) => [foldName(entry.version.name), entry]));
  const missed = [...listed].flatMap(([key, entry]): readonly Missed[] => {
    const held = documents.get(key) ?? null;
    const isForeign = doctype === 'Customer' && (held === null || !expected.has(key));
    if (isForeign || entry.isRecent || marked.has(key) || (held !== null && isSame(held, entry))) return [];
    const { name } = entry.version;
    return [{ name, subscriptionId: expected.get(key)?.subscriptionId ?? null, held, listed: entry }];
  });
  const absent = [...expected].flatMap(([key, one]): readonly Absent[] => {
    const held = documents.get(key) ?? null;
    return listed.has(key) || marked.has(key) || held?.cancelled === true ? [] : [{ ...one, held }];
  });
  return { missed, absent };
}

/** Below this many a list may lose what it likes. */
const fewest = 5;
const mostShare = 0.2;

/**
 * Why a list is not believed: it is empty, or has lost more than a fifth of what the hub counts on. A user permission that
 * hides rows answers like that, and so does a site that was restored from an old copy. null: it is believed.
 */
export function distrust(
  doctype: string,
  roster: readonly RosterEntry[],
  { absent }: Compared,
  expected: number,
): string | null {
  const isShrunken = absent.length > Math.max(fewest, expected * mostShare);
  const isEmpty = roster.length === 0 && expected > 0;
  if (!isShrunken && !isEmpty) return null;
  return `the list of ${doctype} holds ${roster.length} and lacks ${absent.length} of ${expected} that are counted on: nothing is concluded from it`;
}
