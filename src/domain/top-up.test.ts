import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approved, type TopUpStanding } from './top-up.ts';

const standing = fc.record({
  state: fc.constantFrom('requested', 'approved_once', 'done', 'rejected'),
  amount: fc.bigInt({ min: 1n, max: 100n }),
  firstBy: fc.constantFrom(null, 'sari', 'budi'),
  expiresAt: fc.integer({ min: 0, max: 10 }),
}) as fc.Arbitrary<TopUpStanding>;

describe('approving', () => {
  it('S2: is done by two different people from the limit on, by one below it, and by nobody once it is over', () => {
    fc.assert(
      fc.property(standing, fc.constantFrom('sari', 'budi'), fc.nat(10), fc.nat(120), (one, by, now, limit) => {
        const answer = approved(one, by, { twoFrom: BigInt(limit), now });
        const isOpen = one.state === 'requested' || one.state === 'approved_once';
        if (!isOpen || one.expiresAt <= now || one.firstBy === by) expect(answer.ok).toBe(false);
        else if (one.amount < BigInt(limit)) expect(answer).toEqual({ ok: true, value: 'done' });
        else expect(answer).toEqual({ ok: true, value: one.firstBy === null ? 'approved_once' : 'done' });
      }),
      { numRuns: 300 },
    );
  });
});
