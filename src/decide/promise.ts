import { openBy } from '#decide/debt.ts';
import { isFresh } from '#decide/evidence.ts';
import type { LineFacts, LinePolicy, Promised } from '#domain/line.ts';
import { addDays, instantAt } from '#domain/local-time.ts';

/** When a promise has run out: 00:01 in the tenant's zone of the day after it, as for a bill that is due (spec X8). */
const promiseEnd = ({ until }: Promised, zone: string): number => instantAt(addDays(until, 1), 0, 1, zone);

/** The end of the promise that holds at `now`; null: none does. */
export function runningPromise({ promise }: LineFacts, { zone }: LinePolicy, now: number): number | null {
  const end = promise === null ? null : promiseEnd(promise, zone);
  return end !== null && end > now ? end : null;
}

/**
 * How a promise that is noted as running has ended; null: it runs on. It is kept once nothing is open any more that falls
 * due by its day: a part of it ends nothing, or paying would cut somebody (P-g). One that was never leant on
 * (`wasInForce`: the last decision rested on it) lasts until its day, for its bill may be still to come. Only fresh
 * evidence says that it was broken.
 */
export function promiseOutcome(
  facts: LineFacts,
  policy: LinePolicy,
  now: number,
  wasInForce: boolean,
): 'kept' | 'broken' | null {
  const { promise, ledger, lines } = facts;
  if (promise === null || facts.terminated) return null;
  const isOver = promiseEnd(promise, policy.zone) <= now;
  if (!isOver && !wasInForce) return null;
  const whose = promise.of === 'line' ? facts.subscriptionId : null;
  const open = ledger === null ? 0n : openBy(whose, lines, ledger, promise.until);
  if (open === 0n) return 'kept';
  return isOver && ledger !== null && isFresh(ledger, policy, now) ? 'broken' : null;
}
