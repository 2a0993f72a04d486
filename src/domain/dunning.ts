import { type BillingMode, cutTime } from '#domain/billing-period.ts';
import type { Invoice, LocalDate } from '#domain/facts.ts';
import { addDays, instantAt } from '#domain/local-time.ts';

/**
 * One step of a dunning policy (spec L4): so many days after (below zero: before) an invoice was issued or falls due, a
 * reminder goes out, a fee is charged, or the line is isolated.
 */
export type DunningStep =
  | { readonly kind: 'message'; readonly from: DunningStart; readonly days: number }
  /** `amount` in the currency's minor unit in common use. */
  | { readonly kind: 'fee'; readonly from: DunningStart; readonly days: number; readonly amount: number }
  | { readonly kind: 'isolate'; readonly from: DunningStart; readonly days: number };

export const dunningStarts = ['issue', 'due'] as const;
export type DunningStart = (typeof dunningStarts)[number];

const reminder = (from: DunningStart, days: number): DunningStep => ({ kind: 'message', from, days });

/**
 * Policies by name. `as_due`: nobody is reminded, and who has not paid is isolated as spec R4 and R5 say. `before_due`
 * reminds before that. `after_issue` counts from the bill itself, isolation as well.
 */
export const dunningPresets = {
  as_due: [],
  before_due: [reminder('due', -7), reminder('due', -3), reminder('due', -1)],
  after_issue: [reminder('issue', 3), reminder('issue', 7), { kind: 'isolate', from: 'issue', days: 10 }],
} as const satisfies Record<string, readonly DunningStep[]>;

export type DunningPreset = keyof typeof dunningPresets;

/** What no policy may hold; null: it is sound. Nobody is isolated before the bill is there, or due, or twice. */
export function dunningFault(steps: readonly DunningStep[]): string | null {
  if (steps.filter(({ kind }) => kind === 'isolate').length > 1) return 'a policy isolates once';
  const early = steps.some(({ kind, from, days }) => days < 0 && (from === 'issue' || kind !== 'message'));
  return early ? 'only a reminder comes before the due date, and nothing before the issue' : null;
}

/** When lines are isolated where the policy says so itself. */
export type Isolation = Pick<DunningStep, 'from' | 'days'>;

/** Null: the policy leaves it to the due date (spec R4, R5). */
export const isolationOf = (steps: readonly DunningStep[]): Isolation | null =>
  steps.find(({ kind }) => kind === 'isolate') ?? null;

export type CutRule = {
  readonly mode: BillingMode;
  readonly zone: string;
  readonly graceDays: number;
  /** Goes before mode and grace: it names the day itself. */
  readonly isolation?: Isolation | null;
};

/** The day on which the policy isolates for what falls due on `dueDate`; null: it leaves that to the due date. */
function isolationDay(bill: Invoice, dueDate: LocalDate, isolation: Isolation): LocalDate | null {
  if (isolation.from === 'due') return addDays(dueDate, isolation.days);
  if (bill.issuedOn === undefined) return null;
  const day = addDays(bill.issuedOn, isolation.days);
  // Of a bill in instalments nobody owes the later ones before they fall due.
  return bill.terms.length > 1 && day < dueDate ? dueDate : day;
}

/** When what falls due on `dueDate` of an unpaid bill is a debt, ms since 1970: 00:01 of a day in the tenant's zone (L4, B3). */
export function cutTimeOf(bill: Invoice, dueDate: LocalDate, { mode, zone, graceDays, isolation }: CutRule): number {
  const day = isolation ? isolationDay(bill, dueDate, isolation) : null;
  return day === null ? cutTime(mode, dueDate, graceDays, zone) : instantAt(day, 0, 1, zone);
}
