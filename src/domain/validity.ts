import { addDays, instantAt, localDate, localMinute } from '#domain/local-time.ts';

/**
 * Until when a line is served once a voucher of `days` was redeemed at `now`: so many days of the calendar in `zone` after
 * now, or after what it has already, at the same time of day (spec R4). Instants in ms since 1970.
 */
export function extendedValidity(validUntil: number | null, days: number, now: number, zone: string): number {
  const from = Math.max(now, validUntil ?? now);
  const minute = localMinute(from, zone);
  const day = addDays(localDate(from, zone), days);
  // What a clock that shows minutes leaves out.
  return instantAt(day, Math.floor(minute / 60), minute % 60, zone) + (from % 60_000);
}
