import type { DunningStep } from '#domain/dunning.ts';
import type { LocalDate } from '#domain/facts.ts';
import { addDays } from '#domain/local-time.ts';

/** A bill as its steps are counted; `issuedOn` null: its ledger does not say. */
export type DunnedBill = { readonly issuedOn: LocalDate | null; readonly dueDate: LocalDate };
export type Reminder = Extract<DunningStep, { kind: 'message' }>;
export type Fee = Extract<DunningStep, { kind: 'fee' }>;

/** What a step is known by: done once for a bill under this name. */
export const stepKey = ({ kind, from, days }: DunningStep): string => `${kind}:${from}:${days}`;

/** The day of a step; null: it has none for this bill, or the bill came after it. */
function stepDay({ from, days }: DunningStep, { issuedOn, dueDate }: DunnedBill): LocalDate | null {
  const start = from === 'issue' ? issuedOn : dueDate;
  const day = start === null ? null : addDays(start, days);
  return day !== null && issuedOn !== null && day < issuedOn ? null : day;
}

/** A fee that could not be charged for so long, for the hub was down or the policy is newer, is not charged any more. */
const feeLapsesAfterDays = 7;

export type DueSteps = {
  /** The latest reminder whose day has come; null: none. */
  readonly remind: Reminder | null;
  readonly charge: readonly Fee[];
  /** Their day has come, and they are not done: an earlier reminder, or a fee whose time is over. */
  readonly skip: readonly DunningStep[];
};

/**
 * What a policy has to do about an unpaid bill on `today` (spec L4), done before or not. Of reminders the latest alone:
 * after a downtime nobody is sent three at once. Isolation is none of these steps: it is decided with all else.
 */
export function dueSteps(steps: readonly DunningStep[], bill: DunnedBill, today: LocalDate): DueSteps {
  const due = steps.flatMap((step) => {
    const day = stepDay(step, bill);
    return day !== null && day <= today ? [{ step, day }] : [];
  });
  due.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const reminders = due.flatMap(({ step }) => (step.kind === 'message' ? [step] : []));
  const fees = due.flatMap(({ step, day }) => (step.kind === 'fee' ? [{ step, day }] : []));
  const lapsed = addDays(today, -feeLapsesAfterDays);
  return {
    remind: reminders.at(-1) ?? null,
    charge: fees.filter(({ day }) => day >= lapsed).map(({ step }) => step),
    skip: [...reminders.slice(0, -1), ...fees.filter(({ day }) => day < lapsed).map(({ step }) => step)],
  };
}
