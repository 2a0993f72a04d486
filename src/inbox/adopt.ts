import type { Tx } from '#db/database.ts';
import type { LedgerCustomer } from '#domain/facts.ts';
import type { LedgerLine } from '#domain/ledger-line.ts';

/**
 * What becomes of facts that are not about debt: lines arise from subscriptions (spec L1), customers' names and phones
 * follow the ledger. Done by a journey, in the transaction that records the fact.
 */
export type Adopt = {
  line(tx: Tx, tenantId: string, line: LedgerLine, correlationId: string): Promise<void>;
  customer(tx: Tx, tenantId: string, customer: LedgerCustomer): Promise<void>;
};
