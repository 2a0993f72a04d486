import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadStates, mayBecome, mayConvert } from './lead-states.ts';

describe('the life of a lead', () => {
  it('C8: whatever happens to it, it is converted once at most, and nothing follows', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...leadStates), { maxLength: 20 }), (asked) => {
        let state = leadStates[0] as (typeof leadStates)[number];
        let conversions = 0;
        for (const next of asked) {
          if (!mayBecome(state, next)) continue;
          expect(state).not.toBe('converted');
          if (next === 'converted') conversions += 1;
          state = next;
        }
        expect(conversions).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('C8: only a covered one converts by itself; a new or uncovered one by force, a lost one not at all', () => {
    expect(leadStates.filter((state) => mayConvert(state, false))).toEqual(['covered']);
    expect(leadStates.filter((state) => mayConvert(state, true))).toEqual(['new', 'covered', 'not_covered']);
  });
});
