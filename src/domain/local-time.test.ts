import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, instantAt, isTimeZone, localDate } from './local-time.ts';

const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2000-01-01', days));

describe('local time', () => {
  it('an instant of a date lies on that date, in every zone of Indonesia and where clocks change', () => {
    const zone = fc.constantFrom(
      'Asia/Jakarta',
      'Asia/Makassar',
      'Asia/Jayapura',
      'Europe/Berlin',
      'America/New_York',
      'UTC',
    );
    fc.assert(
      fc.property(day, zone, (date, where) => {
        expect(localDate(instantAt(date, 0, 1, where), where)).toBe(date);
      }),
      { numRuns: 500 },
    );
  });

  it('00:01 in Jakarta is 17:01 of the day before in UTC', () => {
    expect(new Date(instantAt('2026-11-21', 0, 1, 'Asia/Jakarta')).toISOString()).toBe('2026-11-20T17:01:00.000Z');
  });

  it('00:01 of the day on which summer time begins is before the change', () => {
    expect(new Date(instantAt('2026-03-29', 0, 1, 'Europe/Berlin')).toISOString()).toBe('2026-03-28T23:01:00.000Z');
  });

  it('a zone that does not exist is told from one that does', () => {
    expect([isTimeZone('Asia/Jakarta'), isTimeZone('UTC'), isTimeZone('Asia/Bandung')]).toEqual([true, true, false]);
  });
});
