import type { LocalDate } from '#domain/facts.ts';
import { addDays, instantAt } from '#domain/local-time.ts';

export type BillingMode = 'prepaid' | 'postpaid';

/** `dueDay` of that month, clamped to its last day (spec B3). `month` counts from 1. */
export function dueDateIn(year: number, month: number, dueDay: number): LocalDate {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1, Math.min(dueDay, last))).toISOString().slice(0, 10);
}

/** The first due date on or after `today`. */
export function nextDueDate(today: LocalDate, dueDay: number): LocalDate {
  const [year = 0, month = 1] = today.split('-').map(Number);
  const here = dueDateIn(year, month, dueDay);
  return here >= today ? here : dueDateIn(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, dueDay);
}

/**
 * When an unpaid due date becomes a debt: 00:01 in the tenant's zone of the due date itself (prepaid, H+0), or of the
 * day after it and `graceDays` (postpaid: due on the 20th, isolated on the 21st). Spec B3, R4, R5.
 */
export function cutTime(mode: BillingMode, dueDate: LocalDate, graceDays: number, zone: string): number {
  return instantAt(mode === 'prepaid' ? dueDate : addDays(dueDate, 1 + graceDays), 0, 1, zone);
}
