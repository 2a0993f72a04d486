import type { LedgerCustomer, LedgerSubscription } from '#domain/facts.ts';

/** A subscription of the ledger with what is needed to make it a line: whose it is, and what it may bill. */
export type LedgerLine = {
  readonly subscription: LedgerSubscription;
  /** Names of its plans and of the items that they bill: either may be what a service plan is mapped to. */
  readonly billed: readonly string[];
  readonly customer: LedgerCustomer | null;
};
