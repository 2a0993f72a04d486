import type { Claimed } from '#outbox/claim.ts';
import type { Dispatching } from '#outbox/dispatching.ts';

/** Another has taken an intent up, and writes what follows. */
export class TakenOver extends Error {}

export const logTakenOver = ({ log }: Dispatching, { tenantId, intent, subscriptionId }: Claimed): void =>
  log.info('an intent was taken over while this process was paused', {
    tenant: tenantId,
    kind: intent.kind,
    subscription_id: subscriptionId ?? undefined,
  });

/**
 * Concludes some intents all together, in one transaction that throws `TakenOver`; one that was taken over is found by
 * concluding each by itself, and is left to whoever has it.
 */
export async function togetherOrEach<T extends { readonly claimed: Claimed }>(
  d: Dispatching,
  some: readonly T[],
  conclude: (some: readonly T[]) => Promise<void>,
): Promise<void> {
  try {
    await conclude(some);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
    const [first, ...others] = some;
    if (others.length > 0) for (const one of some) await togetherOrEach(d, [one], conclude);
    else if (first) logTakenOver(d, first.claimed);
  }
}
