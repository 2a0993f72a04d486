import type { Intent } from '#domain/intents.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt, noEnforcer, tell, verdictOf } from '#outbox/dispatching.ts';

type CloseIntent = Extract<Intent, { kind: 'session.close' }>;

/**
 * Closes an accounting row that is proved stale, if it is still as it was seen and the proof still holds by the RADIUS
 * database's own clock (law 9). A sign of life in between leaves it open, and that is no failure.
 */
export async function dispatchClose(d: Dispatching, claimed: Claimed, intent: CloseIntent): Promise<void> {
  const enforcer = await d.enforcerOf(claimed.tenantId);
  const { uniqueId, updatedAt, proof } = intent;
  const seen = { uniqueId, updatedAt: updatedAt === null ? null : new Date(updatedAt) };
  const closed = enforcer ? await enforcer.closeStale(seen, proof) : null;
  const verdict: Verdict = closed === null ? noEnforcer : closed.ok ? { state: 'done' } : verdictOf(closed.error);
  await d.db.worker(claimed.tenantId, async (tx) => {
    await settleIntent(tx, claimed, verdict);
    if (closed?.ok && closed.value)
      await tell(tx, claimed, 'session_closed', intent.why, { proof, acct_unique_id: uniqueId });
  });
  logAttempt(d.log, claimed, verdict);
}
