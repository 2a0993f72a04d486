/** When a request is sent again, in milliseconds. */
export type Timers = {
  readonly firstMs: number;
  readonly capMs: number;
  /** How often it is sent in all. */
  readonly tries: number;
  /** When the hub gives up. */
  readonly totalMs: number;
};

/** RFC 5080 §2.2.1: initial 2 s, at most 16 s between two, five tries, 30 s in all. */
export const rfc5080Timers: Timers = { firstMs: 2_000, capMs: 16_000, tries: 5, totalMs: 30_000 };

/**
 * The times of the tries, counted from the first: 0, 2, 6, 14 and 28 s. By doubling alone the fifth would leave at the
 * 30th second, when nobody listens any more; so no try leaves later than `firstMs` before the end.
 */
export function sendTimes(timers: Timers): readonly number[] {
  const times: number[] = [];
  const last = Math.max(0, timers.totalMs - timers.firstMs);
  let at = 0;
  let wait = timers.firstMs;
  while (times.length < timers.tries) {
    times.push(Math.min(at, last));
    at += wait;
    wait = Math.min(wait * 2, timers.capMs);
  }
  return times;
}
