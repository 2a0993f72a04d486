import type { LocalDate } from '#domain/facts.ts';
import { addDays, instantAt, localDate, localMinute } from '#domain/local-time.ts';

/** In the order of ISO 8601, the first of them Monday. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** When nobody is newly cut, by the clocks of the tenant's zone (spec X8). */
export type NoCutCalendar = {
  readonly weekdays: readonly Weekday[];
  /** Whole days, with what they are called: a holiday. */
  readonly dates: readonly { readonly date: LocalDate; readonly name: string }[];
  /** `HH:MM`, the first minute and the first one after; `from` later than `to` goes over midnight. */
  readonly hours: readonly { readonly from: string; readonly to: string }[];
};

export const alwaysOpen: NoCutCalendar = { weekdays: [], dates: [], hours: [] };

const dayMinutes = 24 * 60;

function minuteOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
}

type Span = { readonly from: number; readonly to: number };
const spansOf = ({ hours }: NoCutCalendar): readonly Span[] =>
  hours.map(({ from, to }) => ({ from: minuteOf(from), to: minuteOf(to) }));

const isWithin = ({ from, to }: Span, minute: number): boolean =>
  from < to ? minute >= from && minute < to : minute >= from || minute < to;

/** Why a calendar cannot be meant so; null: it can. Cuts that never come would be no calendar but a kill switch. */
export function noCutFault(calendar: NoCutCalendar): string | null {
  if (weekdays.every((day) => calendar.weekdays.includes(day))) return 'at least one weekday must stay open for cuts';
  const spans = spansOf(calendar);
  if (spans.some(({ from, to }) => from === to)) return 'from and to of an hour range must differ';
  if (spans.length === 0) return null;
  const isShut = (minute: number): boolean => spans.some((span) => isWithin(span, minute));
  return Array.from({ length: dayMinutes }, (_, minute) => minute).every(isShut)
    ? 'at least one minute of the day must stay open for cuts'
    : null;
}

type Closure = { readonly until: number; readonly name: string | null };

const weekdayOf = (date: LocalDate): Weekday | undefined =>
  weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7];

/** The day or the hours that close the calendar at `at`; null: it is open then. */
function closureAt(calendar: NoCutCalendar, at: number, zone: string): Closure | null {
  const today = localDate(at, zone);
  const holiday = calendar.dates.find(({ date }) => date === today);
  if (holiday || calendar.weekdays.some((day) => day === weekdayOf(today))) {
    return { until: instantAt(addDays(today, 1), 0, 0, zone), name: holiday?.name ?? null };
  }
  const minute = localMinute(at, zone);
  const span = spansOf(calendar).find((one) => isWithin(one, minute));
  if (!span) return null;
  const day = span.from > span.to && minute >= span.from ? addDays(today, 1) : today;
  return { until: instantAt(day, Math.floor(span.to / 60), span.to % 60, zone), name: null };
}

/** More closures than any calendar has one after the other: a year of holidays and of nights. */
const mostClosures = 2_000;
const minuteMs = 60_000;

/**
 * Whether nobody is newly cut at `at` (ms since 1970), until when (the next open minute), and the name of the first
 * holiday in between; null: cuts are permitted. Where clocks are turned, a closure may last a minute longer, never shorter.
 */
export function closedAt(calendar: NoCutCalendar, at: number, zone: string): Closure | null {
  if (calendar.weekdays.length + calendar.dates.length + calendar.hours.length === 0) return null;
  let until = at;
  let name: string | null = null;
  for (let count = 0; count < mostClosures; count += 1) {
    const closure = closureAt(calendar, until, zone);
    if (!closure) break;
    name ??= closure.name;
    until = Math.max(closure.until, (Math.floor(until / minuteMs) + 1) * minuteMs);
  }
  return until === at ? null : { until, name };
}

/** The first moment at or after `at` at which a cut is permitted. */
export const permittedAt = (calendar: NoCutCalendar, at: number, zone: string): number =>
  closedAt(calendar, at, zone)?.until ?? at;
