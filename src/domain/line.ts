import type { AccessState, AttributeRow } from '#domain/access.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { Invoice, Receipt } from '#domain/facts.ts';
import type { LineLimits } from '#domain/limits.ts';

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
  /** When all that decides was last read in one go; null: never, or something was recorded since. */
  readonly readAt: number | null;
  /** A payment or credit was taken back: debt that follows from it cuts nobody before this. */
  readonly settlesAt: number | null;
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
  readonly limits: LineLimits;
};

export type LinePolicy = {
  readonly zone: string;
  readonly graceDays: number;
  /** How old a reading of the ledger may be when it cuts somebody (spec B3: 60 s). */
  readonly evidenceMaxAgeMs: number;
};
