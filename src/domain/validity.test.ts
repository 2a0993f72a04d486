import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDate, localMinute } from './local-time.ts';
import { extendedValidity } from './validity.ts';

const dayMs = 86_400_000;
const indonesia = fc.constantFrom('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura');
const anywhere = fc.constantFrom('Asia/Jakarta', 'Asia/Kathmandu', 'Europe/Berlin', 'America/New_York', 'UTC');
const instant = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2035, 0, 1) });
const days = fc.integer({ min: 1, max: 400 });
const until = fc.option(instant);

describe('the validity of a line', () => {
  it('R4: grows by so many days from now, or from where it ends, whichever is later', () => {
    fc.assert(
      fc.property(until, days, instant, indonesia, (validUntil, count, now, zone) => {
        expect(extendedValidity(validUntil, count, now, zone)).toBe(Math.max(now, validUntil ?? now) + count * dayMs);
      }),
    );
  });

  it('R4: days are those of the calendar: it ends at the same time of day, where clocks are changed too', () => {
    fc.assert(
      fc.property(until, days, instant, anywhere, (validUntil, count, now, zone) => {
        const from = Math.max(now, validUntil ?? now);
        const ends = extendedValidity(validUntil, count, now, zone);
        expect(Math.abs(ends - from - count * dayMs)).toBeLessThanOrEqual(3_600_000);
        // An hour that the clocks leave out on that day is no time of day there.
        if (localMinute(from, zone) < 60 || localMinute(from, zone) >= 240) {
          expect(localDate(ends, zone)).toBe(addDays(localDate(from, zone), count));
          expect(localMinute(ends, zone)).toBe(localMinute(from, zone));
        }
      }),
    );
  });

  it('R4: two vouchers are worth the sum of their days, in either order', () => {
    fc.assert(
      fc.property(until, days, days, instant, indonesia, (validUntil, one, two, now, zone) => {
        const both = extendedValidity(extendedValidity(validUntil, one, now, zone), two, now, zone);
        expect(both).toBe(extendedValidity(extendedValidity(validUntil, two, now, zone), one, now, zone));
        expect(both).toBe(extendedValidity(validUntil, one + two, now, zone));
      }),
    );
  });
});
