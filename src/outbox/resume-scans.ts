import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';

/** Has the scans go on that waited for a unit's move; each is judged in a transaction of its own. */
export async function resumeScans(
  d: Dispatching,
  claimed: Claimed,
  { assetId }: Extract<Intent, { kind: 'scan.resume' }>,
): Promise<void> {
  const { tenantId } = claimed;
  await d.stock.resume(tenantId, assetId, d.handing);
  const verdict: Verdict = { state: 'done' };
  await d.db.worker(tenantId, (tx) => settleIntent(tx, claimed, verdict));
  logAttempt(d.log, claimed, verdict);
}
