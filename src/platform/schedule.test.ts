import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantAt, localDate } from '#domain/local-time.ts';
import { lastDue, nextDue } from './schedule.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();

describe('a timetable', () => {
  it('O8: 00:01 is the tenant’s own minute, in each of Indonesia’s three zones', () => {
    const due = (zone: string) => iso(nextDue({ cron: '1 0 * * *', zone }, at('2026-11-20T12:00:00Z')));
    expect(due('Asia/Jakarta')).toBe('2026-11-20T17:01:00.000Z');
    expect(due('Asia/Makassar')).toBe('2026-11-20T16:01:00.000Z');
    expect(due('Asia/Jayapura')).toBe('2026-11-20T15:01:00.000Z');
  });

  it('O8: comes once a day in a zone with summer time too, on the day without that hour and on the one with two', () => {
    const timetable = { cron: '30 2 * * *', zone: 'Europe/Berlin' };
    for (const [from, days] of [
      ['2026-03-27T12:00:00Z', ['2026-03-28', '2026-03-29', '2026-03-30']],
      ['2026-10-23T12:00:00Z', ['2026-10-24', '2026-10-25', '2026-10-26']],
    ] as const) {
      let due = at(from);
      for (const day of days) {
        due = nextDue(timetable, due);
        expect(localDate(due, timetable.zone)).toBe(day);
      }
    }
  });

  it('O8: the last due time is at or before now, the next one after it, and none lies between', () => {
    const zones = fc.constantFrom('Asia/Jakarta', 'Asia/Jayapura', 'UTC', 'Asia/Kathmandu');
    const crons = fc.constantFrom('1 0 * * *', '0 * * * *', '*/5 * * * *', '30 3 1 * *', '15 4 * * 1');
    const now = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zones, crons, now, (zone, cron, instant) => {
        const timetable = { cron, zone };
        const last = lastDue(timetable, instant);
        expect(last).toBeLessThanOrEqual(instant);
        expect(nextDue(timetable, last)).toBe(nextDue(timetable, instant));
        expect(nextDue(timetable, instant)).toBeGreaterThan(instant);
        expect(lastDue(timetable, last)).toBe(last);
      }),
      { numRuns: 200 },
    );
  });

  it('O8: a monthly time stands on the first of the month in the zone', () => {
    const due = nextDue({ cron: '0 1 1 * *', zone: 'Asia/Jakarta' }, at('2026-11-20T00:00:00Z'));
    expect(due).toBe(instantAt('2026-12-01', 1, 0, 'Asia/Jakarta'));
  });
});
