import { priceOfDays } from '#domain/bill-plan.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { ledgerLeadDays, ledgerMonthDay } from '#domain/ledger-start.ts';
import { addDays } from '#domain/local-time.ts';
import { type Period, periodAfter, periodAt } from '#domain/periods.ts';

/** A line that ERPNext bills by whole months. Dates in the tenant's calendar. */
export type LedgerBilled = {
  readonly mode: BillingMode;
  readonly dueDay: number;
  readonly isServed: boolean;
  /** The days before the first month that ERPNext bills; the hub billed them itself. */
  readonly first: Period;
};

/** What a month costs, in minor units. */
export type Prices = { readonly was: bigint; readonly is: bigint };

/** What a change of plan makes of the days that ERPNext bills by the wrong price; below zero it is given back. */
export type ChangeMoney = Period & { readonly amount: bigint };

const later = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);

/** The last day that was billed ahead by `today`; ERPNext bills prepaid months so many days before they begin. */
function billedAheadTo({ mode, dueDay, first }: LedgerBilled, today: LocalDate): LocalDate | null {
  const beginsOn = ledgerMonthDay(mode, dueDay);
  if (mode === 'postpaid') return today <= first.to ? first.to : null;
  const to = today <= first.to ? first.to : periodAt(today, beginsOn).to;
  const next = periodAfter(periodAt(to, beginsOn), beginsOn);
  return addDays(next.from, -ledgerLeadDays) <= today ? next.to : to;
}

/**
 * What is to be billed or given back where a line's plan was changed in ERPNext on `today`: it bills whole months by the
 * plan of the day that it bills on, and makes no bill in between (spec L1). Days that were billed ahead cost what the
 * new plan does from today on; of a postpaid month the days before today cost what the old one did. Null: nothing.
 */
export function moneyOfLedgerChange(line: LedgerBilled, { was, is }: Prices, today: LocalDate): ChangeMoney | null {
  const beginsOn = ledgerMonthDay(line.mode, line.dueDay);
  const more = (days: Period): bigint => priceOfDays(is, days, beginsOn) - priceOfDays(was, days, beginsOn);
  const ahead = billedAheadTo(line, today);
  const days =
    ahead === null
      ? { from: periodAt(today, beginsOn).from, to: addDays(today, -1) }
      : { from: line.isServed ? later(today, line.first.from) : line.first.from, to: ahead };
  if (days.from > days.to) return null;
  const amount = ahead === null ? -more(days) : more(days);
  return amount === 0n ? null : { ...days, amount };
}
