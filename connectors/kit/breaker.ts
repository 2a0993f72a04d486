export type BreakerOptions = {
  /** Failures in a row that open it. */
  readonly threshold: number;
  /** How long an open one refuses before a single call may try. */
  readonly coolDownMs: number;
  /** Milliseconds of any steady clock. */
  readonly now: () => number;
};

export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Circuit breaker of one target (spec B10): while it is open nobody waits for a system that is down, and a system that
 * comes back is met by one call, not by the whole queue.
 */
export type Breaker = {
  state(): BreakerState;
  /** Null: go on, and report how it went. A number: refused, try again after so many milliseconds. */
  admit(): number | null;
  succeeded(): void;
  /** `why`: in words, for whoever is refused afterwards. */
  failed(why?: string): void;
  /** What the newest failure said of itself; empty: nothing. */
  why(): string;
};

export function createBreaker({ threshold, coolDownMs, now }: BreakerOptions): Breaker {
  let failures = 0;
  /** When the next trial may go; null while closed. A trial moves it on, so one that is never reported blocks nobody. */
  let trialAt: number | null = null;
  let trialUnderWay = false;
  let newest = '';

  return {
    state: () => (trialAt === null ? 'closed' : trialUnderWay || now() >= trialAt ? 'half-open' : 'open'),

    admit() {
      if (trialAt === null) return null;
      const at = now();
      if (at < trialAt) return trialAt - at;
      trialAt = at + coolDownMs;
      trialUnderWay = true;
      return null;
    },

    succeeded() {
      failures = 0;
      trialAt = null;
      trialUnderWay = false;
    },

    why: () => newest,

    failed(why = '') {
      newest = why;
      failures += 1;
      if (trialAt !== null ? !trialUnderWay : failures < threshold) return;
      trialAt = now() + coolDownMs;
      trialUnderWay = false;
    },
  };
}
