import type { Clock } from '#platform/clock.ts';
import type { Counters } from '#platform/counters.ts';

/** So many requests in a window for each key, counted over all processes. */
export type Allowance = {
  /** Null: it may go on. Else the milliseconds until it may try again. */
  spend(key: string): Promise<number | null>;
};

type Lease = {
  /** Requests that this process may still let through without asking. */
  left: number;
  /** What nobody has leased of the window, as last heard. */
  open: number;
  until: number;
  asking: Promise<void> | null;
};

/** A process takes this share of what is open at a time: it asks about sixty times for a thousand requests. */
const share = 20;
const mostKept = 50_000;

/**
 * At most `limit` for each key in `windowSeconds`, never more, over however many processes: each leases a share of what is
 * open and asks again when that is used up. What one leased and did not use is lost to the others until the window
 * ends. Over the limit nobody is asked, so a flood costs no call.
 */
export function createAllowance(
  counters: Counters,
  { name, limit, windowSeconds }: { readonly name: string; readonly limit: number; readonly windowSeconds: number },
  clock: Clock,
): Allowance {
  const leases = new Map<string, Lease>();

  async function ask(key: string, lease: Lease): Promise<void> {
    const chunk = Math.max(1, Math.floor(lease.open / share));
    const { total, msLeft } = await counters.add(`${name}:${key}`, chunk, windowSeconds);
    lease.left += Math.min(chunk, Math.max(0, limit - (total - chunk)));
    lease.open = Math.max(0, limit - total);
    lease.until = clock() + msLeft;
  }

  function leaseOf(key: string): Lease {
    const now = clock();
    const kept = leases.get(key);
    if (kept && now < kept.until) return kept;
    if (leases.size >= mostKept) leases.clear();
    const fresh: Lease = { left: 0, open: limit, until: Number.POSITIVE_INFINITY, asking: null };
    leases.set(key, fresh);
    return fresh;
  }

  return {
    spend: async (key) => {
      for (;;) {
        const lease = leaseOf(key);
        if (lease.left > 0) {
          lease.left -= 1;
          return null;
        }
        if (lease.open === 0) return Math.max(1, lease.until - clock());
        lease.asking ??= ask(key, lease).finally(() => {
          lease.asking = null;
        });
        await lease.asking;
      }
    },
  };
}

/** For a limit of 0: lets everything pass. */
export const noAllowance: Allowance = { spend: async () => null };
