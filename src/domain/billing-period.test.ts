import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutTime, dueDateIn, nextDueDate } from './billing-period.ts';
import { addDays, instantAt } from './local-time.ts';

describe('billing period', () => {
  it('B3: due days 29 to 31 are clamped to the month', () => {
    expect([dueDateIn(2026, 2, 31), dueDateIn(2028, 2, 30), dueDateIn(2026, 4, 31), dueDateIn(2026, 12, 31)]).toEqual([
      '2026-02-28',
      '2028-02-29',
      '2026-04-30',
      '2026-12-31',
    ]);
  });

  it('the next due date is today or later, and at most a month and a clamping away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000 }), fc.integer({ min: 1, max: 31 }), (days, dueDay) => {
        const today = addDays('2010-01-01', days);
        const next = nextDueDate(today, dueDay);
        expect(next >= today).toBe(true);
        expect(next <= addDays(today, 31)).toBe(true);
      }),
    );
  });

  it('R4: prepaid is cut at 00:01 of the due day itself (H+0)', () => {
    expect(cutTime('prepaid', '2026-12-01', 0, 'Asia/Jakarta')).toBe(instantAt('2026-12-01', 0, 1, 'Asia/Jakarta'));
  });

  it('R5: postpaid due on the 20th is cut at 00:01 of the 21st, and each day of grace moves it by one', () => {
    expect(cutTime('postpaid', '2026-12-20', 0, 'Asia/Makassar')).toBe(instantAt('2026-12-21', 0, 1, 'Asia/Makassar'));
    expect(cutTime('postpaid', '2026-12-20', 3, 'Asia/Makassar')).toBe(instantAt('2026-12-24', 0, 1, 'Asia/Makassar'));
  });
});
