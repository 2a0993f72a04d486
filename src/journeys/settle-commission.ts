import type { Tx } from '#db/database.ts';
import { post } from '#features/billing/verbs.ts';
import { settleCommission } from '#features/commissions/verbs.ts';
import type { Clock } from '#platform/clock.ts';

/** What a dispatcher settles a customer's commission with, in the transaction that settles its intent. */
export const createSettleCommission =
  (clock: Clock) =>
  (tx: Tx, tenantId: string, customerId: string): Promise<void> =>
    settleCommission(tx, tenantId, customerId, clock(), { post });
