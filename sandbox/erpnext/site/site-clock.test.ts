import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, siteClock } from './site-clock.ts';

describe('the site clock', () => {
  it('shows naive local times of the site zone with microseconds', () => {
    const clock = siteClock('Asia/Jakarta', () => new Date('2026-11-20T17:30:00.123Z'));
    expect(clock.today()).toBe('2026-11-21');
    expect(clock.stamp()).toMatch(/^2026-11-21 00:30:00\.123\d{3}$/);
  });

  it('every stamp is later than the one before, though the clock stands still or goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 2, maxLength: 50 }), (steps) => {
        let now = Date.parse('2026-11-20T17:00:00Z');
        const clock = siteClock('Asia/Jakarta', () => new Date(now));
        const stamps = steps.map((step) => {
          now += step;
          return clock.stamp();
        });
        expect(stamps).toEqual([...new Set(stamps)].sort());
      }),
      { numRuns: 200 },
    );
  });

  it('counts days and months in the calendar, holding at a month’s last day', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-11-21', 2)).toBe('2027-01-21');
  });
});
