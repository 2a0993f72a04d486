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
