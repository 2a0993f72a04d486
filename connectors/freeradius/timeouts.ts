/** Milliseconds; a database that is paused, not closed, answers nothing at all, and a driver without these waits for ever. */
export type Timeouts = {
  readonly connectMs: number;
  readonly queryMs: number;
  /** How long a writer waits for another one's row lock. */
  readonly lockMs: number;
};

export const defaultTimeouts: Timeouts = { connectMs: 3_000, queryMs: 10_000, lockMs: 8_000 };

/** Connections of one hub process to one RADIUS database. */
export const poolSize = 10;

/** Seconds after which the server ends a transaction whose writer went quiet: a paused process must not keep its locks. */
export const idleTransactionSeconds = 30;
