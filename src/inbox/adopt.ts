import type { Tx } from '#db/database.ts';
import type { LedgerCustomer, LedgerSubscription } from '#domain/facts.ts';

/** A subscription of the ledger with what is needed to make it a line: whose it is, and what it may bill. */
export type LedgerLine = {
  readonly subscription: LedgerSubscription;
  /** Names of its plans and of the items that they bill: either may be what a service plan is mapped to. */
  readonly billed: readonly string[];
  readonly customer: LedgerCustomer | null;
};

/**
 * What becomes of facts that are not about debt: lines arise from subscriptions (spec L1), customers' names and phones
 * follow the ledger. Done by a journey, in the transaction that records the fact.
 */
export type Adopt = {
  line(tx: Tx, tenantId: string, line: LedgerLine, correlationId: string): Promise<void>;
  customer(tx: Tx, tenantId: string, customer: LedgerCustomer): Promise<void>;
};
