import type { Tx } from '#db/database.ts';
import { post } from '#features/billing/verbs.ts';
import { type Earning, settleCommission } from '#features/commissions/verbs.ts';
import type { Clock } from '#platform/clock.ts';

/** What a dispatcher settles commission with, in the transaction that settles its intent. */
export const createSettleCommission =
  (clock: Clock) =>
  (tx: Tx, tenantId: string, earning: Earning): Promise<void> =>
    settleCommission(tx, tenantId, earning, clock(), { post });
