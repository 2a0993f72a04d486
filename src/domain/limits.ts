import type { LocalDate } from '#domain/facts.ts';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';

/** How much traffic a plan holds in a calendar month, both ways together, and what happens beyond it (spec C1, R6). */
export type Quota = {
  readonly octets: bigint;
  /** Key of the plan that the line is served at beyond it; null: it is isolated. */
  readonly throttleTo: string | null;
  /** What was used in each month, `2026-11`; a month without any is missing. */
  readonly used: ReadonlyMap<string, bigint>;
};

/** What ends a line's service beside debt. */
export type LineLimits = {
  /** Ms since 1970; null: it renews by invoice. */
  readonly validUntil: number | null;
  /** Null: as much as it likes. */
  readonly quota: Quota | null;
};

export const noLimits: LineLimits = { validUntil: null, quota: null };

/** `quota_gb` counts gigabytes of a thousand million octets, as they are sold. */
export const octetsOfGb = (gb: number): bigint => BigInt(gb) * 1_000_000_000n;

/** The calendar month that a quota holds for, in the tenant's zone. Instants in ms since 1970. */
export type Period = { readonly month: string; readonly firstDay: LocalDate; readonly endsAt: number };

export function periodAt(now: number, zone: string): Period {
  const month = localDate(now, zone).slice(0, 7);
  const firstDay = `${month}-01`;
  // The 28th is in every month, and four days later is the next.
  const next = `${addDays(`${month}-28`, 4).slice(0, 7)}-01`;
  return { month, firstDay, endsAt: instantAt(next, 0, 0, zone) };
}
