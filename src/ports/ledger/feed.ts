import type { DocumentVersion } from '#domain/facts.ts';
import type { Result } from '#domain/result.ts';
import type { Fetched, LedgerFailure } from './port.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

/** What was changed since a cursor; `cursor` goes on from here. A change may be told again, and none is left out. */
export type Changes = { readonly versions: readonly DocumentVersion[]; readonly cursor: string };

/** A page of what is settled; `after`: where the next one goes on, null at the end. */
export type History = { readonly settled: readonly Fetched[]; readonly after: string | null };

/** One document as a list tells it. */
export type RosterEntry = {
  readonly version: DocumentVersion;
  /** Of a bill what is outstanding, of a receipt what is not allocated (minor units); of others null. */
  readonly amount: bigint | null;
  /** It was changed so lately, by the ledger's own clock, that word of it may still be under way. */
  readonly isRecent: boolean;
};

/**
 * How a ledger that lies elsewhere is followed when its word gets lost (spec B5). All of it tells which document to look
 * at, none of it decides (law 1). The hub's own ledger has none of it: it marks what it changes in its own transaction.
 */
export interface LedgerFeed {
  /** Doctypes whose changes can be followed. */
  readonly followed: readonly string[];
  /** `cursor` null: the first time, which tells the newest few and where to go on from. */
  changes(doctype: string, cursor: string | null): Answer<Changes>;
  /** Doctypes whose past can be read page by page. */
  readonly historic: readonly string[];
  /**
   * What was settled long before the hub came and so decides nothing: paid bills, money that is used up. It is for statements
   * and sums, and comes from lists: the rest of the document (terms, items, what it pays) is left out. `after` null: from the
   * beginning.
   */
  history(doctype: string, after: string | null): Answer<History>;
  /** Doctypes that can be listed whole. */
  readonly listed: readonly string[];
  /** Every document of a doctype that bears on a line: customers, live subscriptions, what is open. */
  roster(doctype: string): Answer<readonly RosterEntry[]>;
  /** Names of the live subscriptions of a customer. */
  subscriptionsOf(customer: string): Answer<readonly string[]>;
  /** Whether the ledger itself keeps a trace of the document's deletion. */
  isDeleted(doctype: string, name: string): Answer<boolean>;
}
