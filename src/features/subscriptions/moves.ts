import type { AccessState } from '#domain/access.ts';

/** What a hand may do to a line, and where the line must stand for it (spec C9). No payment lifts a hold. */
export const moves = {
  activate: { from: ['pending'], told: 'Activated' },
  suspend: { from: ['pending', 'active', 'isolated'], told: 'Suspended' },
  resume: { from: ['suspended'], told: 'Resumed' },
  terminate: { from: ['pending', 'active', 'isolated', 'suspended'], told: 'Terminated' },
  'change-plan': { from: ['pending', 'active', 'isolated', 'suspended'], told: 'Moved to another plan' },
} as const satisfies Record<string, { readonly from: readonly AccessState[]; readonly told: string }>;

export type Move = keyof typeof moves;

export const mayMove = (move: Move, state: AccessState): boolean => moves[move].from.some((from) => from === state);

/** The facts of a line's life that its standing follows from, beside what was decided last. */
export type Life = {
  readonly suspended_at: Date | null;
  readonly terminated_at: Date | null;
  readonly decided: AccessState;
};

/** Where a line stands for a hand: its own facts go before a decision that may not have followed them yet. */
export function standingOf({ suspended_at, terminated_at, decided }: Life): AccessState {
  if (terminated_at !== null) return 'terminated';
  if (suspended_at !== null) return 'suspended';
  return decided === 'suspended' ? 'isolated' : decided;
}
