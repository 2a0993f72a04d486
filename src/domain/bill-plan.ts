import { type BillingMode, nextDueDate } from '#domain/billing-period.ts';
import type { LocalDate } from '#domain/facts.ts';
import { addDays } from '#domain/local-time.ts';
import { daysOf, type Period, periodAfter, periodAt } from '#domain/periods.ts';
import { prorated } from '#domain/proration.ts';

/** One line as the ledger of the hub bills it. Dates in the tenant's calendar, `fee` of a month in minor units. */
export type BilledLine = {
  readonly mode: BillingMode;
  readonly dueDay: number;
  readonly fee: bigint;
  /** The last day that its bills cover; null: there is none yet. */
  readonly billedTo: LocalDate | null;
  /** When it was first served. */
  readonly activatedOn: LocalDate;
};

export type BillPolicy = {
  /** On which day postpaid months begin, and the one before is billed. */
  readonly billDay: number;
  /** Days before this are not billed. */
  readonly billsFrom: LocalDate;
  /** How many days before their first day prepaid months are billed. */
  readonly leadDays: number;
  /** Where lines are isolated so many days after the issue (spec L4); null: they are by the due date. */
  readonly isolateAfterIssue: number | null;
};

/** What is to be billed of one line at once: the days, and what they cost. */
export type PlannedBill = Period & { readonly dueDate: LocalDate; readonly amount: bigint };

type Billed = Pick<BilledLine, 'mode' | 'dueDay'>;

/** The day of the month on which a line's months begin: prepaid they fall due then (spec R4, R5). */
export const monthDay = ({ mode, dueDay }: Billed, { billDay }: Pick<BillPolicy, 'billDay'>): number =>
  mode === 'prepaid' ? dueDay : billDay;

const later = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);
const earlier = (a: LocalDate, b: LocalDate): LocalDate => (a < b ? a : b);

/** What the days of `part` cost, over however many months they go: each of its own days. */
export function priceOfDays(fee: bigint, part: Period, beginsOn: number): bigint {
  let price = 0n;
  for (let from = part.from; from <= part.to; ) {
    const month = periodAt(from, beginsOn);
    const to = earlier(month.to, part.to);
    price += prorated(fee, month, { from, to });
    from = addDays(to, 1);
  }
  return price;
}

/**
 * When a bill falls due. Prepaid: on the first day of what it bills; one that could not be made before that leaves as many
 * days as it should have. Postpaid: on the line's due day, or on the last day before it would be isolated where that
 * counts from the issue.
 */
export function billDueDate(line: Billed, from: LocalDate, issuedOn: LocalDate, policy: BillPolicy): LocalDate {
  if (line.mode === 'prepaid') return from > issuedOn ? from : addDays(issuedOn, policy.leadDays);
  return policy.isolateAfterIssue === null
    ? nextDueDate(issuedOn, line.dueDay)
    : addDays(issuedOn, Math.max(0, policy.isolateAfterIssue - 1));
}

/** The first day of a line that its bills do not cover yet. */
export const firstUnbilled = ({ billedTo, activatedOn }: BilledLine, { billsFrom }: BillPolicy): LocalDate =>
  later(billedTo === null ? activatedOn : addDays(billedTo, 1), billsFrom);

/** More months than this are not made up for in one run. */
const most = 24;

/**
 * The months of a line that are to be billed on `today` and were not: prepaid some days before they begin, postpaid once
 * they are over. One that began in the middle is billed by its days (spec R5, L2).
 */
export function billsDue(line: BilledLine, today: LocalDate, policy: BillPolicy): readonly PlannedBill[] {
  const beginsOn = monthDay(line, policy);
  const bills: PlannedBill[] = [];
  let from = firstUnbilled(line, policy);
  while (bills.length < most) {
    const month = periodAt(from, beginsOn);
    const isDue = line.mode === 'prepaid' ? addDays(from, -policy.leadDays) <= today : month.to < today;
    if (!isDue) break;
    const part = { from, to: month.to };
    bills.push({
      ...part,
      dueDate: billDueDate(line, from, today, policy),
      amount: prorated(line.fee, month, part),
    });
    from = addDays(month.to, 1);
  }
  return bills;
}

/**
 * What a new prepaid line is billed at once: the days from `today` until the first month that will be billed by itself. A
 * rest so short that the next bill would follow at once takes that month with it.
 */
export function firstPrepaidDays(today: LocalDate, dueDay: number, leadDays: number): Period {
  const month = periodAt(today, dueDay);
  const isShort = addDays(month.to, 1 - leadDays) <= today;
  return { from: today, to: isShort ? periodAfter(month, dueDay).to : month.to };
}

/**
 * The last day that is paid for of a line whose first bill, for `first`, was paid later than it was written: it buys as
 * many days as it names, from the first of service on.
 */
export const coveredTo = (first: Period, activatedOn: LocalDate): LocalDate =>
  activatedOn <= first.from ? first.to : addDays(activatedOn, daysOf(first) - 1);
