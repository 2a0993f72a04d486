import { type BillPolicy, firstUnbilled, monthDay, priceOfDays } from '#domain/bill-plan.ts';
import { type BillingMode, nextDueDate } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { addDays } from '#domain/local-time.ts';
import { daysOf, type Period, periodAt } from '#domain/periods.ts';

/** How a line stands with the ledger, before a move of it or after. */
export type MovedLine = {
  readonly mode: BillingMode;
  readonly dueDay: number;
  readonly fee: bigint;
  readonly plan: string;
  readonly billedTo: LocalDate | null;
  /** When the first bill begins, while there is no later one. */
  readonly firstFrom: LocalDate | null;
  readonly activatedOn: LocalDate | null;
  readonly heldOn: LocalDate | null;
  readonly isEnded: boolean;
};

/** What a move brings: a bill, credit (both prices, above zero), and up to which day the line is billed from then on. */
export type MoveMoney = {
  readonly bill: (Period & { readonly amount: bigint; readonly dueDate: LocalDate }) | null;
  readonly credit: bigint;
  readonly billedTo: LocalDate | null;
};

const nothing = { bill: null, credit: 0n, billedTo: null } satisfies MoveMoney;
const earlier = (a: LocalDate, b: LocalDate): LocalDate => (a < b ? a : b);
const later = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);

/** Days that were billed ahead, from `day` on; one that was never served has used none, a held one none since. Null: none. */
function billedAhead(line: MovedLine, day: LocalDate): Period | null {
  if (line.billedTo === null) return null;
  const unused = line.heldOn === null ? day : addDays(line.heldOn, 1);
  const from = line.activatedOn === null ? (line.firstFrom ?? day) : unused;
  return from <= line.billedTo ? { from, to: line.billedTo } : null;
}

function prepaidMove(was: MovedLine, is: MovedLine, today: LocalDate, policy: BillPolicy): MoveMoney {
  const ahead = billedAhead(was, is.isEnded ? addDays(today, 1) : today);
  if (ahead === null) return nothing;
  const price = (fee: bigint): bigint => priceOfDays(fee, ahead, was.dueDay);
  if (is.isEnded) return { ...nothing, credit: price(was.fee) };
  if (was.heldOn !== null && is.heldOn === null)
    return { ...nothing, billedTo: addDays(later(today, ahead.from), daysOf(ahead) - 1) };
  const more = price(is.fee) - price(was.fee);
  if (more <= 0n) return { ...nothing, credit: -more };
  const dueDate = later(addDays(today, policy.leadDays), was.activatedOn === null ? '' : addDays(ahead.to, 1));
  return { ...nothing, bill: { ...ahead, amount: more, dueDate } };
}

type Reached = { readonly to: LocalDate; readonly billedTo: LocalDate };

/** The last day to be paid, and up to which day the line is billed then; a hold's days are passed over. */
function reachedBy(was: MovedLine, is: MovedLine, today: LocalDate): Reached {
  const yesterday = addDays(today, -1);
  if (is.isEnded) return { to: was.heldOn ?? today, billedTo: was.heldOn ?? today };
  const to = earlier(was.heldOn ?? yesterday, yesterday);
  return { to, billedTo: is.heldOn === null ? yesterday : to };
}

/** Bills what was used until now at what it cost until now; the rest is left to the bill run. */
function postpaidMove(was: MovedLine, is: MovedLine, today: LocalDate, policy: BillPolicy): MoveMoney {
  if (was.activatedOn === null) return nothing;
  const { to, billedTo: reached } = reachedBy(was, is, today);
  // A hold that passed over no day leaves the month to the bill run.
  if (!is.isEnded && was.fee === is.fee && to === reached) return nothing;
  const from = firstUnbilled({ ...was, activatedOn: was.activatedOn }, policy);
  const billedTo = was.billedTo !== null && was.billedTo >= reached ? null : reached;
  if (from > to) return { ...nothing, billedTo };
  const beginsOn = monthDay(was, policy);
  const due = is.isEnded ? today : addDays(periodAt(to, beginsOn).to, 1);
  const amount = priceOfDays(was.fee, { from, to }, beginsOn);
  return { ...nothing, bill: { from, to, amount, dueDate: nextDueDate(due, was.dueDay) }, billedTo };
}

/**
 * What a move by hand brings: a change of plan, the end of a hold, the end of the line (spec L2). Prepaid is paid for
 * ahead, so the days that are left are made up for: the difference of plans is billed or given back, days of a hold come
 * after it, and what was paid beyond the end is credit. Postpaid pays for what was used, up to the day and at its price.
 */
export function moneyOfMove(was: MovedLine, is: MovedLine, today: LocalDate, policy: BillPolicy): MoveMoney {
  const isMoved = was.isEnded !== is.isEnded || was.fee !== is.fee || (was.heldOn !== null && is.heldOn === null);
  if (!isMoved || was.isEnded) return nothing;
  return was.mode === 'prepaid' ? prepaidMove(was, is, today, policy) : postpaidMove(was, is, today, policy);
}
