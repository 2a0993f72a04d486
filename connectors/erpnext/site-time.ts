import { z } from 'zod';
import type { ErpnextClient } from './client.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Longer than any zone is ahead of, or behind, UTC. */
const farthestZoneMs = 15 * hourMs;

const zoneAnswer = z.object({ time_zone: z.string().min(1) });

/** The time zone that a site writes its times in; null: its user may not read that. */
export async function readSiteZone(client: ErpnextClient): Promise<string | null> {
  const query = { doctype: 'System Settings', fieldname: '["time_zone"]' };
  const answer = await client.call('frappe.client.get_value', query);
  const read = answer.ok ? zoneAnswer.safeParse(answer.value) : null;
  return read?.success ? read.data.time_zone : null;
}

/** `YYYY-MM-DD HH:MM:SS.ffffff`, naive, as ERPNext writes it; `ms` as if it were UTC. */
const naive = (ms: number): string => `${new Date(ms).toISOString().replace('T', ' ').slice(0, -1)}000`;

/** ms since 1970 as if it were UTC; null: it is no such text. */
function readNaive(text: string): number | null {
  const ms = Date.parse(`${text.slice(0, 23).replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** How far the clocks of a zone are ahead of UTC at a moment (ms); null: no zone is known, or none of that name. */
function offsetOf(at: Date, zone: string | null): number | null {
  if (zone === null) return null;
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    const shown = readNaive(format.format(at));
    return shown === null ? null : shown - Math.floor(at.getTime() / 1000) * 1000;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** No clock on earth shows an earlier time. */
export const earliestClock = (now: Date): string => naive(now.getTime() - farthestZoneMs);

/** What was seen last: its `modified`, and when it was seen for the first time. */
export type SeenLast = { readonly newest: string; readonly askedAt: Date };

/**
 * From where on changes are asked for, `overlapMs` before what was seen last: a document bears the time at which its save
 * began, and is seen when its transaction commits. Naive times jump with summer time, so as much more is taken as the
 * zone's offset has changed since; and a document from the future must not hide those of today. While the zone is not
 * known an hour more is taken always.
 */
export function askedFrom({ newest, askedAt }: SeenLast, now: Date, zone: string | null, overlapMs: number): string {
  const seen = readNaive(newest) ?? 0;
  const [offset, before] = [offsetOf(now, zone), offsetOf(new Date(askedAt.getTime() - overlapMs), zone)];
  if (offset !== null && before !== null) {
    return naive(Math.min(seen, now.getTime() + offset) - overlapMs - Math.abs(offset - before));
  }
  const isImpossible = seen > now.getTime() + farthestZoneMs;
  return isImpossible ? earliestClock(now) : naive(seen - overlapMs - hourMs);
}

/** What is stamped from here on may not have been told yet; a day and more while the zone is not known. */
export const recentFrom = (now: Date, zone: string | null, overlapMs: number): string =>
  askedFrom({ newest: '9999-12-31 00:00:00.000000', askedAt: now }, now, zone, overlapMs);
