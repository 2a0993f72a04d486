import type { LedgerCustomer, LedgerSubscription } from '#domain/facts.ts';

/** A subscription of the ledger, the plans and items that it bills, and whose it is. */
export type LedgerLine = {
  readonly subscription: LedgerSubscription;
  readonly billed: readonly string[];
  readonly customer: LedgerCustomer | null;
};
