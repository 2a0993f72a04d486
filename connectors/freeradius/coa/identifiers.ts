/** RFC 5176 §6.3: how long an identifier rests before it may be used again from the same port towards the same NAS. */
export const restMs = 300_000;

const perPort = 256;

type Row = { next: number; readonly freeAt: Float64Array };

export type Identifiers = {
  /** An identifier for a request to `nas`, or null: the one whose turn it is is in flight or resting. */
  take(nas: string): number | null;
  /** The request is over; the identifier rests from now on. */
  release(nas: string, identifier: number): void;
  /** True when nothing is in flight and nothing rests: the port may be given up. */
  isIdle(): boolean;
};

/**
 * The identifiers of one source port. They rotate, so that a late answer to an old request meets no new one (REL-15).
 * `first` is random per port: a restarted process may be given the same port again. `now`: milliseconds, monotonic.
 */
export function createIdentifiers(now: () => number, first: number): Identifiers {
  const rows = new Map<string, Row>();
  let inFlight = 0;
  let restsUntil = -Infinity;

  function rowOf(nas: string): Row {
    const row = rows.get(nas) ?? { next: first % perPort, freeAt: new Float64Array(perPort).fill(-Infinity) };
    rows.set(nas, row);
    return row;
  }

  return {
    take(nas) {
      const row = rowOf(nas);
      const identifier = row.next;
      if ((row.freeAt[identifier] ?? Infinity) > now()) return null;
      row.freeAt[identifier] = Infinity;
      row.next = (identifier + 1) % perPort;
      inFlight += 1;
      return identifier;
    },
    release(nas, identifier) {
      inFlight -= 1;
      restsUntil = now() + restMs;
      rowOf(nas).freeAt[identifier] = restsUntil;
    },
    isIdle: () => inFlight === 0 && restsUntil <= now(),
  };
}
