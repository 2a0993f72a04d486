import { networkOf } from '#platform/client-network.ts';
import type { Clock } from '#platform/clock.ts';
import type { Counters } from '#platform/counters.ts';

/** Addresses that keep failing, over all processes (spec I5, P51). */
export type Suspects = {
  /** Something failed that an honest client seldom gets wrong; `weight` of `blockedAt` points within an hour block. */
  failed(address: string, weight: number): Promise<void>;
  /** Null: not blocked. Else the milliseconds that are left of the block. */
  blockedMs(address: string): Promise<number | null>;
};

/** What a failure weighs: 50 wrong passwords, or 500 tokens that are none of ours, within an hour. */
export const suspicion = { wrongLogin: 10, badCredential: 1 } as const;
const blockedAt = 500;
const windowSeconds = 3_600;
const blockSeconds = 15 * 60;
/** A block that another process set is seen so late. */
const believedMs = 2_000;
const mostKept = 50_000;

type Belief = { readonly askAgainAt: number; readonly blockedUntil: number };

export function createSuspects(counters: Counters, clock: Clock): Suspects {
  const beliefs = new Map<string, Belief>();
  const blockKey = (network: string): string => `blocked:${network}`;

  function believe(network: string, blockedMs: number): void {
    if (beliefs.size >= mostKept) beliefs.clear();
    const now = clock();
    beliefs.set(network, { askAgainAt: now + Math.max(blockedMs, believedMs), blockedUntil: now + blockedMs });
  }

  return {
    failed: async (address, weight) => {
      const network = networkOf(address);
      const { total } = await counters.add(`failed:${network}`, weight, windowSeconds);
      if (total < blockedAt) return;
      await counters.add(blockKey(network), 1, blockSeconds);
      // Counting begins anew: what fails after the block must add up again.
      await counters.forget(`failed:${network}`);
      believe(network, blockSeconds * 1_000);
    },
    blockedMs: async (address) => {
      const network = networkOf(address);
      if ((beliefs.get(network)?.askAgainAt ?? 0) <= clock()) {
        believe(network, (await counters.read(blockKey(network)))?.msLeft ?? 0);
      }
      const left = (beliefs.get(network)?.blockedUntil ?? 0) - clock();
      return left > 0 ? left : null;
    },
  };
}

export const noSuspects: Suspects = { failed: async () => undefined, blockedMs: async () => null };
