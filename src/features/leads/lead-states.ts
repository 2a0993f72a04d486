export const leadStates = ['new', 'covered', 'not_covered', 'converted', 'lost'] as const;
export type LeadState = (typeof leadStates)[number];

/** Which state may follow which (spec C8). `converted` is the end: it is a customer now. */
const moves: Readonly<Record<LeadState, readonly LeadState[]>> = {
  new: ['covered', 'not_covered', 'lost'],
  covered: ['new', 'covered', 'not_covered', 'converted', 'lost'],
  not_covered: ['new', 'covered', 'not_covered', 'lost'],
  lost: ['new'],
  converted: [],
};
/** With a reason a person may convert what the coverage check did not. */
const forced: readonly LeadState[] = ['new', 'not_covered'];

export const mayBecome = (from: LeadState, to: LeadState): boolean => moves[from].includes(to);
export const mayConvert = (from: LeadState, isForced: boolean): boolean =>
  mayBecome(from, 'converted') || (isForced && forced.includes(from));

export const leadStateOf = (stored: string): LeadState => leadStates.find((state) => state === stored) ?? 'new';
