import { Cron } from 'croner';

/** When something is due: a cron pattern (minute, hour, day, month, weekday) on the clocks of an IANA time zone. */
export type Timetable = { readonly cron: string; readonly zone: string };

const cronOf = ({ cron, zone }: Timetable): Cron => new Cron(cron, { timezone: zone, paused: true });

/** The first due time after `at`, both in ms since 1970. Throws on a pattern that never comes. */
export function nextDue(timetable: Timetable, at: number): number {
  const next = cronOf(timetable).nextRun(new Date(at));
  if (!next) throw new Error(`The timetable "${timetable.cron}" has no time after ${new Date(at).toISOString()}.`);
  return next.getTime();
}

/** The latest due time at or before `at`, in ms since 1970: what a process that comes back catches up with. */
export function lastDue(timetable: Timetable, at: number): number {
  const [last] = cronOf(timetable).previousRuns(1, new Date(Math.floor(at / 1000) * 1000 + 1000));
  if (!last) throw new Error(`The timetable "${timetable.cron}" has no time before ${new Date(at).toISOString()}.`);
  return last.getTime();
}
