import { dueDateIn, nextDueDate } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { addDays } from '#domain/local-time.ts';

/** Days that are billed together, both ends included. */
export type Period = { readonly from: LocalDate; readonly to: LocalDate };

const dayMs = 86_400_000;

/** How many days the period has, both ends included. */
export const daysOf = ({ from, to }: Period): number => (Date.parse(to) - Date.parse(from)) / dayMs + 1;

/** The last `billDay` on or before `date`; one that the month has not is its last day. */
function lastBillDay(date: LocalDate, billDay: number): LocalDate {
  const [year = 0, month = 1] = date.split('-').map(Number);
  const here = dueDateIn(year, month, billDay);
  return here <= date ? here : dueDateIn(month === 1 ? year - 1 : year, month === 1 ? 12 : month - 1, billDay);
}

/**
 * The month that `date` lies in, where months begin on `billDay`: with the 1st they are those of the calendar, with the
 * 31st the one of 2026-02-28 goes to 2026-03-30.
 */
export const periodAt = (date: LocalDate, billDay: number): Period => ({
  from: lastBillDay(date, billDay),
  to: addDays(nextDueDate(addDays(date, 1), billDay), -1),
});

export const periodAfter = ({ to }: Period, billDay: number): Period => periodAt(addDays(to, 1), billDay);
