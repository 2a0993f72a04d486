import { setTimeout as sleep } from 'node:timers/promises';

/** How many orders of this process a router may have in hand: more at a time gains nothing, and a deaf one holds them all. */
const inHandMax = 8;
/** A router that has let an order wait for so long, a repetition included, is not given another before that is over. */
const patienceMs = 2_500;
/** The longest that an order is tried (RFC 5080). */
const orderMs = 30_000;
/** An order waits so long at most for its turn without giving its place in the lane to another. */
const standMs = 1_000;

/** Whether an order may go out now; else when it should come again. */
export type Turn =
  | { readonly isMine: true; readonly hasWaited: boolean; end(): void }
  | { readonly isMine: false; readonly waitMs: number };

export type Pacing = {
  /**
   * One order's turn at a router, which takes `perSecond` of them after a first handful. `isProbe`: it has been silent,
   * so only one is tried at a time.
   */
  turn(nasId: string, perSecond: number, isProbe: boolean): Promise<Turn>;
  /** The router's bucket is full in so many milliseconds, by the orders of all processes that it has answered. */
  hear(nasId: string, fullMs: number): void;
};

type Line = {
  /** When each order in hand was given. */
  readonly inHand: Set<{ readonly since: number }>;
  /** When the next token is there, if one by one they were used up (GCRA). */
  full: number;
  /** When the last of those that were sent away comes again. */
  back: number;
};

/** Further behind than this no bucket is: the clock that says so was set back. */
const mostBehindMs = 40_000;

/**
 * The token bucket of each router (spec X3), of which this process knows its own orders at once and those of others when it
 * is told of them: what all give together keeps to the pace, though each may begin with a handful of its own. `now`: milliseconds that never go back;
 * `rest` waits.
 */
export function createPacing(
  now: () => number = () => performance.now(),
  rest: (ms: number) => Promise<unknown> = sleep,
): Pacing {
  const lines = new Map<string, Line>();

  function lineOf(nasId: string): Line {
    const line = lines.get(nasId) ?? { inHand: new Set(), full: -Infinity, back: -Infinity };
    lines.set(nasId, line);
    return line;
  }

  /** How long the router's orders in hand forbid another; 0: they don't. */
  function busyMs(line: Line, isProbe: boolean): number {
    const [oldest] = line.inHand;
    if (!oldest) return 0;
    const age = now() - oldest.since;
    if (isProbe || age > patienceMs) return Math.max(standMs, orderMs - age);
    return line.inHand.size >= inHandMax ? standMs : 0;
  }

  /** Those who are sent away come again one by one, at the router's own pace. */
  function away(line: Line, waitMs: number, interval: number): Turn {
    line.back = Math.max(line.back, now() + waitMs) + interval;
    return { isMine: false, waitMs: line.back - now() };
  }

  function hand(line: Line, hasWaited: boolean): Turn {
    const order = { since: now() };
    line.inHand.add(order);
    return { isMine: true, hasWaited, end: () => void line.inHand.delete(order) };
  }

  return {
    hear(nasId, fullMs) {
      if (fullMs <= 0 || fullMs > mostBehindMs) return;
      const line = lineOf(nasId);
      line.full = Math.max(line.full, now() + fullMs);
    },
    async turn(nasId, perSecond, isProbe) {
      const line = lineOf(nasId);
      const interval = 1_000 / perSecond;
      const busy = busyMs(line, isProbe);
      if (busy > 0) return away(line, busy, interval);
      const full = Math.max(line.full, now());
      const waitMs = full - now() - (inHandMax - 1) * interval;
      if (waitMs > standMs) return away(line, waitMs, interval);
      line.full = full + interval;
      if (waitMs <= 0) return hand(line, false);
      await rest(waitMs);
      const still = busyMs(line, isProbe);
      return still > 0 ? away(line, still, interval) : hand(line, true);
    },
  };
}
