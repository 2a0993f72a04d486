import type { LocalDate } from '#domain/facts.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

/** The wall clock of `zone` at `at` (ms since 1970), as if it were UTC. */
function wallClock(at: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function findInstant(date: LocalDate, hour: number, minute: number, zone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
  const first = wanted - (wallClock(wanted, zone) - wanted);
  return first - (wallClock(first, zone) - wanted);
}

/** A calendar takes 20 microseconds, and the same few due dates are asked for by every decision. */
const instants = new Map<string, number>();
const mostInstants = 10_000;

/** The instant (ms since 1970) at which the clocks of `zone` show `hour:minute` on `date`. */
export function instantAt(date: LocalDate, hour: number, minute: number, zone: string): number {
  const key = `${date} ${hour}:${minute} ${zone}`;
  const known = instants.get(key);
  if (known !== undefined) return known;
  if (instants.size >= mostInstants) instants.clear();
  const found = findInstant(date, hour, minute, zone);
  instants.set(key, found);
  return found;
}

/** The date that a calendar in `zone` shows at `at`. */
export const localDate = (at: number, zone: string): LocalDate =>
  new Date(wallClock(at, zone)).toISOString().slice(0, 10);

/** What the clocks of `zone` show at `at`: `YYYY-MM-DD HH:MM:SS`. */
export const localTime = (at: number, zone: string): string =>
  new Date(wallClock(at, zone)).toISOString().slice(0, 19).replace('T', ' ');

/** How many minutes the clocks of `zone` are past midnight at `at`. */
export function localMinute(at: number, zone: string): number {
  const shown = new Date(wallClock(at, zone));
  return shown.getUTCHours() * 60 + shown.getUTCMinutes();
}

export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Whether the runtime knows `zone` as an IANA time zone. */
export function isTimeZone(zone: string): boolean {
  return Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC';
}
