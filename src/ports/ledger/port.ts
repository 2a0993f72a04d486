import type { DocumentVersion, Invoice, LedgerFact, LedgerSubscription, Receipt } from '#domain/facts.ts';
import type { Result } from '#domain/result.ts';
import type { LedgerFeed } from './feed.ts';
import type { LedgerPush } from './push.ts';
import type { LedgerSetup } from './setup.ts';

export type LedgerFailure = {
  /**
   * `unreachable`: try again. `unauthorized`: stop and tell a person. `rejected`: this call will never work.
   * `nonsense`: an answer came that is none (HTML with 200, a missing field); treated as unreachable, never as empty.
   */
  readonly reason: 'unreachable' | 'unauthorized' | 'rejected' | 'nonsense';
  readonly detail: string;
  readonly retryAfterMs?: number;
  /** It broke on this very call, as it may on what it cannot digest: tried again a few times only. */
  readonly isCrash?: boolean;
};

type Answer<T> = Promise<Result<T, LedgerFailure>>;

export type Fetched = { readonly version: DocumentVersion; readonly fact: LedgerFact };

/**
 * All that decides about the debt of one customer, or of all of them: every open invoice and credit note, every
 * receipt with money left. Receipts and credit notes are read before and after the invoices and what is better for the
 * customer counts, so that money moving between the lists meanwhile never looks like debt.
 */
export type Reading = {
  readonly startedAt: Date;
  readonly invoices: readonly { readonly version: DocumentVersion; readonly fact: Invoice }[];
  readonly receipts: readonly { readonly version: DocumentVersion; readonly fact: Receipt }[];
};

export type LedgerCheck = {
  readonly user: string;
  readonly version: string;
  readonly timeZone: string;
  readonly notes: readonly string[];
};

/**
 * What the caller holds of a document at exactly this version, which spares reading the whole document again. Amounts
 * are read anew all the same: the ledger moves what is outstanding without a new version.
 */
export type Known = (version: DocumentVersion) => LedgerFact | undefined;

/** A customer who arose in the hub. `hubRef` is the hub's own id: it tells the customer apart for ever (spec L1). */
export type NewLedgerCustomer = {
  readonly hubRef: string;
  readonly name: string;
  readonly phone: string;
  readonly email: string | null;
  readonly address: string;
};

/** Who owns customers, invoices and payments (spec chapter 6): ERPNext, or the hub itself. */
export interface Ledger {
  /**
   * The document as it is now; null: it is gone, or it is none of a customer (a payment to a supplier). A doctype that
   * the hub has no use for is `rejected`.
   */
  fetch(doctype: string, name: string): Answer<Fetched | null>;
  readCustomer(customer: string, known?: Known): Answer<Reading>;
  /** One paged sweep; evidence for every customer of the tenant (spec B3). */
  readAll(known?: Known): Answer<Reading>;
  /** Subscriptions that are not cancelled. */
  subscriptions(
    known?: Known,
  ): Answer<readonly { readonly version: DocumentVersion; readonly fact: LedgerSubscription }[]>;
  /** Writes the PPPoE username to the subscription's custom field; repeating it is harmless. */
  writeUsername(subscription: string, username: string): Answer<'written' | 'unchanged'>;
  /**
   * Makes the customer, once: whoever asks again under the same `hubRef`, after an answer that was lost perhaps, is told
   * the name of the one that is there. Answers the ledger's name for it.
   */
  createCustomer(customer: NewLedgerCustomer): Answer<string>;
  test(): Answer<LedgerCheck>;
  /** How it is followed and compared; absent: it is the hub's own, and marks what it changes itself. */
  readonly feed?: LedgerFeed;
  /** How it gets what the hub originates; absent: it is the hub's own, and has it already. */
  readonly push?: LedgerPush;
  /** How its own site is furnished for the hub; absent: there is none. */
  readonly setup?: LedgerSetup;
}
