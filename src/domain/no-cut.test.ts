import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, instantAt, localDate, localMinute } from '#domain/local-time.ts';
import { alwaysOpen, closedAt, type NoCutCalendar, noCutFault, permittedAt, weekdays } from '#domain/no-cut.ts';

const zone = 'Asia/Jakarta';
const at = (date: string, hour: number, minute = 0): number => instantAt(date, hour, minute, zone);
const calendar = (over: Partial<NoCutCalendar>): NoCutCalendar => ({ ...alwaysOpen, ...over });

const clock = fc
  .integer({ min: 0, max: 1_439 })
  .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
const anyCalendar = fc
  .record({
    weekdays: fc.uniqueArray(fc.constantFrom(...weekdays), { maxLength: 6 }),
    dates: fc
      .uniqueArray(fc.integer({ min: -3, max: 12 }), { maxLength: 6 })
      .map((days) => days.map((day) => ({ date: addDays('2026-11-20', day), name: `hari ${day}` }))),
    hours: fc.array(fc.record({ from: clock, to: clock }), { maxLength: 3 }),
  })
  .filter((one) => noCutFault(one) === null);
const instant = fc.integer({ min: at('2026-11-15', 0), max: at('2026-12-05', 0) });

/** The rule as a person reads it off the calendar, minute by minute. */
function isShut({ weekdays: days, dates, hours }: NoCutCalendar, now: number, where: string): boolean {
  const today = localDate(now, where);
  const weekday = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: where }).format(now).toLowerCase();
  const minute = localMinute(now, where);
  const shown = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const isAmong = ({ from, to }: { from: string; to: string }): boolean =>
    from < to ? shown >= from && shown < to : shown >= from || shown < to;
  return days.some((day) => day === weekday) || dates.some(({ date }) => date === today) || hours.some(isAmong);
}

describe('the no-cut calendar', () => {
  it('X8: says closed exactly where a person reads so, and opens at the next open minute, never before or after', () => {
    fc.assert(
      fc.property(anyCalendar, instant, (one, now) => {
        const closed = closedAt(one, now, zone);
        expect(closed !== null).toBe(isShut(one, now, zone));
        if (!closed) return;
        expect(closed.until).toBeGreaterThan(now);
        expect(isShut(one, closed.until, zone)).toBe(false);
        expect(isShut(one, closed.until - 1, zone)).toBe(true);
        const between = now + Math.floor((closed.until - now) / 2);
        expect(isShut(one, between, zone)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('X8, REL-27: where clocks are turned it never opens into a closed time', () => {
    const turned = fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns');
    const around = fc.integer({ min: Date.parse('2026-03-20T00:00Z'), max: Date.parse('2026-11-10T00:00Z') });
    fc.assert(
      fc.property(anyCalendar, around, turned, (one, now, where) => {
        expect(isShut(one, permittedAt(one, now, where), where)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('X8: a weekend, a holiday after it and the nights are one closure, named after the holiday', () => {
    const one = calendar({
      weekdays: ['saturday', 'sunday'],
      dates: [{ date: '2026-11-23', name: 'Hari Guru' }],
      hours: [{ from: '17:00', to: '08:00' }],
    });
    expect(closedAt(one, at('2026-11-20', 17), zone)).toEqual({ until: at('2026-11-24', 8), name: 'Hari Guru' });
    expect(closedAt(one, at('2026-11-20', 16, 59), zone)).toBeNull();
    expect(closedAt(one, at('2026-11-24', 8), zone)).toBeNull();
  });

  it('X8: a calendar that would never open is refused', () => {
    expect(noCutFault(calendar({ weekdays: [...weekdays] }))).toContain('weekday');
    expect(noCutFault(calendar({ hours: [{ from: '08:00', to: '08:00' }] }))).toContain('differ');
    const twice = [
      { from: '00:00', to: '12:00' },
      { from: '11:00', to: '00:00' },
    ];
    expect(noCutFault(calendar({ hours: twice }))).toContain('minute');
    expect(noCutFault(calendar({ hours: [{ from: '00:01', to: '00:00' }] }))).toBeNull();
  });
});
