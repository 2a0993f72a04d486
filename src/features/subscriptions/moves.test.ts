import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessStates } from '#domain/access.ts';
import { type Move, mayMove, moves, standingOf } from './moves.ts';

const allowed: Record<Move, readonly string[]> = {
  activate: ['pending'],
  suspend: ['pending', 'active', 'isolated'],
  resume: ['suspended'],
  terminate: ['pending', 'active', 'isolated', 'suspended'],
  'change-plan': ['pending', 'active', 'isolated', 'suspended'],
};

describe('moves by hand', () => {
  it('C9: a line is moved from the states that the move begins in, and from no other', () => {
    const move = fc.constantFrom(...(Object.keys(moves) as Move[]));
    fc.assert(
      fc.property(move, fc.constantFrom(...accessStates), (one, state) => {
        expect(mayMove(one, state)).toBe(allowed[one].includes(state));
      }),
      { numRuns: 200 },
    );
  });

  it('C9: what has ended has ended, and a hold is a hold, whatever was decided last', () => {
    const at = new Date(0);
    for (const decided of accessStates) {
      expect(standingOf({ suspended_at: at, terminated_at: at, decided })).toBe('terminated');
      expect(standingOf({ suspended_at: at, terminated_at: null, decided })).toBe('suspended');
    }
    expect(standingOf({ suspended_at: null, terminated_at: null, decided: 'suspended' })).toBe('isolated');
    expect(standingOf({ suspended_at: null, terminated_at: null, decided: 'active' })).toBe('active');
  });
});
