import { firstPrepaidDays } from '#domain/bill-plan.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { type Period, periodAt } from '#domain/periods.ts';

/** How many days before its first day a prepaid month is billed by ERPNext (spec R4). */
export const ledgerLeadDays = 7;

/** On which day of the month a line's months begin in ERPNext: prepaid on its due day, postpaid on the first (R4, R5). */
export const ledgerMonthDay = (mode: BillingMode, dueDay: number): number => (mode === 'prepaid' ? dueDay : 1);

/**
 * The days of a line that began on `begun` which ERPNext does not bill, for it bills whole months alone and makes no bill
 * whose day is past: until the first month that it can still bill in time.
 */
export const daysBeforeLedger = (mode: BillingMode, dueDay: number, begun: LocalDate): Period =>
  mode === 'prepaid'
    ? firstPrepaidDays(begun, dueDay, ledgerLeadDays)
    : { from: begun, to: periodAt(begun, ledgerMonthDay(mode, dueDay)).to };
