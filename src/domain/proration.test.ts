import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from './local-time.ts';
import { daysOf, type Period, periodAfter, periodAt } from './periods.ts';
import { changeOfPlan, prorated } from './proration.ts';

const date = fc.integer({ min: 0, max: 12_000 }).map((days) => addDays('2010-01-01', days));
const billDay = fc.integer({ min: 1, max: 31 });
const price = fc.bigInt({ min: 0n, max: 10n ** 10n });
const runs = { numRuns: 300 };

describe('periods', () => {
  it('L2: begin on the bill day, or on the last day of a month that has it not', () => {
    expect(periodAt('2026-11-21', 1)).toEqual({ from: '2026-11-01', to: '2026-11-30' });
    expect(periodAt('2026-01-14', 15)).toEqual({ from: '2025-12-15', to: '2026-01-14' });
    expect(periodAt('2026-02-28', 31)).toEqual({ from: '2026-02-28', to: '2026-03-30' });
    expect(periodAt('2028-02-28', 31)).toEqual({ from: '2028-01-31', to: '2028-02-28' });
    expect(periodAt('2028-02-29', 29)).toEqual({ from: '2028-02-29', to: '2028-03-28' });
  });

  it('L2: each day lies in one period, and periods follow one another without a gap', () => {
    fc.assert(
      fc.property(date, billDay, (day, on) => {
        const period = periodAt(day, on);
        expect(period.from <= day && day <= period.to).toBe(true);
        expect(periodAt(period.from, on)).toEqual(period);
        expect(periodAt(period.to, on)).toEqual(period);
        expect(periodAfter(period, on).from).toBe(addDays(period.to, 1));
        expect(daysOf(period)).toBeGreaterThanOrEqual(28);
        expect(daysOf(period)).toBeLessThanOrEqual(31);
      }),
      runs,
    );
  });
});

/** The period in parts, divided at some of its days. */
function partsOf(period: Period, divisions: readonly number[]): readonly Period[] {
  const begins = [...new Set([0, ...divisions.map((n) => n % daysOf(period))])].sort((a, b) => a - b);
  return begins.map((begin, i) => ({
    from: addDays(period.from, begin),
    to: i + 1 < begins.length ? addDays(period.from, (begins[i + 1] ?? 0) - 1) : period.to,
  }));
}

describe('proration', () => {
  it('R5: is by days', () => {
    const november = { from: '2026-11-01', to: '2026-11-30' };
    expect(prorated(150_000n, november, { from: '2026-11-21', to: '2026-11-30' })).toBe(50_000n);
    expect(prorated(150_000n, november, november)).toBe(150_000n);
    expect(changeOfPlan({ was: 150_000n, is: 300_000n, on: '2026-11-16' }, november)).toBe(75_000n);
  });

  it('L2: the parts of a period sum to its price, wherever it is divided', () => {
    fc.assert(
      fc.property(price, date, billDay, fc.array(fc.nat(40), { maxLength: 6 }), (whole, day, on, divisions) => {
        const period = periodAt(day, on);
        const parts = partsOf(period, divisions).map((part) => prorated(whole, period, part));
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(whole);
        for (const part of parts) expect(part).toBeGreaterThanOrEqual(0n);
      }),
      runs,
    );
  });

  it('L2: a change of plan and the change back on the same day cost nothing, and a dearer plan never less', () => {
    fc.assert(
      fc.property(price, price, date, billDay, (was, is, on, bills) => {
        const period = periodAt(on, bills);
        const there = changeOfPlan({ was, is, on }, period);
        expect(there + changeOfPlan({ was: is, is: was, on }, period)).toBe(0n);
        if (is >= was) expect(there).toBeGreaterThanOrEqual(0n);
      }),
      runs,
    );
  });
});
