import type { AccessState, AttributeRow } from '#domain/access.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { Isolation } from '#domain/dunning.ts';
import type { Invoice, LocalDate, Receipt } from '#domain/facts.ts';
import type { LineLimits } from '#domain/limits.ts';
import type { NoCutCalendar } from '#domain/no-cut.ts';

/** One line of a customer, as far as it decides whose bill an invoice is. */
export type LineOfCustomer = {
  readonly subscriptionId: string;
  readonly ledgerSubscription: string | null;
  /** The item that its plan bills; null: the plan is not mapped. */
  readonly item: string | null;
};

/** What the hub knows of the customer's bills. Instants in ms since 1970. */
export type LedgerFacts = {
  readonly invoices: readonly Invoice[];
  readonly receipts: readonly Receipt[];
  /**
   * When all that decides was last read in one go; null: never, or something was recorded since. `now`: it is the hub's
   * own ledger, read with all else that decides.
   */
  readonly readAt: number | 'now' | null;
  /** A payment or credit was taken back: debt that follows from it cuts nobody before this. */
  readonly settlesAt: number | null;
};

/** "Will pay by the end of that day", as a person noted it: until then debt cuts nobody (spec X8). */
export type Promised = {
  readonly id: string;
  readonly until: LocalDate;
  /** For this line, or for all lines of the customer. */
  readonly of: 'line' | 'customer';
};

/**
 * What was done to tell the debtor of a bill before a cut (spec X7). `wanted`: a message is to be written; `queued`: it is
 * on its way; `overridden`: a person let the cut go without it. `at`: since when it is so, ms since 1970.
 */
export type Notice = {
  readonly state: 'wanted' | 'queued' | 'delivered' | 'undeliverable' | 'overridden';
  readonly at: number;
};

/** Everything that decides what should be true of one line (spec B3). */
export type LineFacts = {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly planKey: string;
  readonly billingMode: BillingMode;
  readonly mac: string | null;
  /** Its own reply attributes, such as a fixed address. */
  readonly reply: readonly AttributeRow[];
  readonly installed: boolean;
  /** It has been served before: a prepaid line that was paid once, or was activated by hand. */
  readonly activatedBefore: boolean;
  readonly hold: { readonly reason: string } | null;
  readonly terminated: boolean;
  /** What was decided last; null: nothing yet. */
  readonly present: AccessState | null;
  /** The customer's lines that are not terminated, this one among them. */
  readonly lines: readonly LineOfCustomer[];
  /** Null: the tenant has no ledger connected, so nothing is owed to it. */
  readonly ledger: LedgerFacts | null;
  /** The promise to pay that runs, if any; one that has run out may stand here until that is noted. */
  readonly promise: Promised | null;
  /** By the name of the bill. */
  readonly notices: ReadonlyMap<string, Notice>;
  /** The customer has an address that a notice could go to. */
  readonly isReachable: boolean;
  readonly limits: LineLimits;
};

export type LinePolicy = {
  readonly zone: string;
  readonly graceDays: number;
  /** The day of a cut where the dunning policy names it (spec L4). */
  readonly isolation?: Isolation | null;
  /** How old a reading of the ledger may be when it cuts somebody (spec B3: 60 s). */
  readonly evidenceMaxAgeMs: number;
  /** When nobody is newly cut (spec X8). */
  readonly noCut: NoCutCalendar;
  /** How many hours before a cut a reminder must have been delivered; 0: nobody need be told (spec X7). */
  readonly noticeHours: number;
};
