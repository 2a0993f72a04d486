import type { SetupStep } from '#ports/ledger/setup.ts';

/** What a person reads last is what is theirs to do. */
const order: readonly SetupStep['state'][] = ['there', 'made', 'advice', 'missing', 'todo'];

const shown: Readonly<Record<SetupStep['state'], string>> = {
  there: 'ok    ',
  made: 'MADE  ',
  advice: 'hint  ',
  missing: 'FAIL  ',
  todo: 'TO DO ',
};

/** What an installation came to, line by line, and what is left. */
export function setupLines({ ok, steps }: { readonly ok: boolean; readonly steps: readonly SetupStep[] }): string[] {
  const sorted = [...steps].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const end = ok ? 'All that the hub needs is there.' : 'What is marked TO DO is for a person; then run this again.';
  return [...sorted.map(({ of, state, words }) => `${shown[state]}${of.padEnd(38)} ${words}`), end];
}
