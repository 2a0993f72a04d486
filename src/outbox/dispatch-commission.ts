import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';

type CommissionIntent = Extract<Intent, { kind: 'commission.settle' }>;

/** Has the commission of a customer's money be what it should be, with the intent's own end (law 5). */
export async function dispatchCommission(
  d: Dispatching,
  claimed: Claimed,
  { customerId }: CommissionIntent,
): Promise<void> {
  const verdict = { state: 'done' } as const;
  await d.db.worker(claimed.tenantId, async (tx) => {
    if (await settleIntent(tx, claimed, verdict)) await d.settleCommission(tx, claimed.tenantId, customerId);
  });
  logAttempt(d.log, claimed, verdict);
}
