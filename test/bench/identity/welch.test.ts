import { describe, expect, it } from 'vitest';
import { compared } from './welch.ts';

/** A fixed series between 0 and 1 that looks random. */
const noise = (seed: number, count: number): readonly number[] => {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  });
};

describe('the comparison of two samples', () => {
  it('finds a difference that is there, and none between samples of the same thing', () => {
    const [a, b] = [noise(7, 200), noise(1_234_567, 200)];
    expect(compared(a, b).p).toBeGreaterThan(0.05);
    expect(
      compared(
        a,
        b.map((one) => one + 0.2),
      ).p,
    ).toBeLessThan(0.001);
  });

  it('gives p as tables have it: 1.96 standard errors are 5 %', () => {
    const base = noise(7, 200);
    const shiftFor = (t: number): readonly number[] => {
      const { means } = compared(base, base);
      const variance = base.reduce((sum, one) => sum + (one - means[0]) ** 2, 0) / 199;
      return base.map((one) => one - t * Math.sqrt((2 * variance) / 200));
    };
    expect(compared(base, shiftFor(1.96)).p).toBeCloseTo(0.05, 3);
    expect(compared(base, shiftFor(2.576)).p).toBeCloseTo(0.01, 3);
  });
});
