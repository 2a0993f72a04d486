import { shareOf } from '#domain/half-up.ts';
import { addDays } from '#domain/local-time.ts';
import { daysOf, type Period } from '#domain/periods.ts';

/**
 * What of `price`, the price of the whole `period`, falls on the days of `part`, which lies within it. By days, and so
 * that the parts of a period sum to its price wherever it is cut: a part is the difference of what is reached by its end
 * and what was reached before it.
 */
export function prorated(price: bigint, period: Period, part: Period): bigint {
  const days = BigInt(daysOf(period));
  const reached = (to: string): bigint => shareOf(price, BigInt(daysOf({ from: period.from, to })), days);
  return reached(part.to) - reached(addDays(part.from, -1));
}

/** The prices before and after a change of plan, and the day from which the new one holds. */
export type PlanChange = { readonly was: bigint; readonly is: bigint; readonly on: string };

/** What the rest of a period that was billed before costs more (below zero: less) after a change of plan within it. */
export function changeOfPlan({ was, is, on }: PlanChange, period: Period): bigint {
  const rest = { from: on, to: period.to };
  return prorated(is, period, rest) - prorated(was, period, rest);
}
