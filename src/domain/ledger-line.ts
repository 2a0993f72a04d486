import type { LedgerCustomer, LedgerSubscription } from '#domain/facts.ts';
import type { Prices } from '#domain/ledger-change.ts';

/** A subscription of the ledger with what is needed to make it a line: whose it is, and what it may bill. */
export type LedgerLine = {
  readonly subscription: LedgerSubscription;
  /** Names of its plans and of the items that they bill: either may be what a service plan is mapped to. */
  readonly billed: readonly string[];
  readonly customer: LedgerCustomer | null;
  /**
   * What all its plans cost a month, in minor units, where they are others than when it was last looked at; null: they are
   * not, or not all prices are known.
   */
  readonly repriced: Prices | null;
};
