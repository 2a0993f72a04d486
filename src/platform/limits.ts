import { type Allowance, createAllowance, noAllowance } from '#platform/allowance.ts';
import { networkOf } from '#platform/client-network.ts';
import type { Clock } from '#platform/clock.ts';
import type { Counters } from '#platform/counters.ts';
import { Refusal } from '#platform/refusal.ts';
import { createSuspects, noSuspects, type Suspects } from '#platform/suspects.ts';

/** Requests a minute; 0 switches one off (spec I5: 1000, 100, 5). */
export type LimitSettings = { readonly address: number; readonly user: number; readonly login: number };

/** What the HTTP door asks before it serves. Each throws RATE_LIMIT with the seconds to wait. */
export type Limits = {
  address(address: string): Promise<void>;
  /** A user or a key, by its id. */
  caller(id: string): Promise<void>;
  readonly suspects: Suspects;
};

/** The refusal of spec I5; the door sets `Retry-After` from its details. */
export function tooMany(message: string, ms: number): Refusal {
  return new Refusal('RATE_LIMIT', message, { retry_after: Math.max(1, Math.ceil(ms / 1_000)) });
}

async function demandRoom(allowance: Allowance, key: string, whose: string): Promise<void> {
  const ms = await allowance.spend(key);
  if (ms !== null) throw tooMany(`Too many requests from this ${whose}. Wait, then go on.`, ms);
}

/** Limits that hold over all processes that count on `counters`. */
export function createLimits(counters: Counters, settings: LimitSettings, clock: Clock): Limits {
  const allowanceOf = (name: string, limit: number): Allowance =>
    limit === 0 ? noAllowance : createAllowance(counters, { name, limit, windowSeconds: 60 }, clock);
  const addresses = allowanceOf('address', settings.address);
  const callers = allowanceOf('caller', settings.user);
  return {
    address: (address) => demandRoom(addresses, networkOf(address), 'address'),
    caller: (id) => demandRoom(callers, id, 'user or key'),
    suspects: settings.login === 0 ? noSuspects : createSuspects(counters, clock),
  };
}

/** For tests that ask thousands of times a minute. */
export const noLimits: Limits = {
  address: async () => undefined,
  caller: async () => undefined,
  suspects: noSuspects,
};
