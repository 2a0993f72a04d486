import type { Database, Tx } from '#db/database.ts';
import type { Clock } from '#platform/clock.ts';

export type BillingDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** Decides about lines that were marked, in the transaction that marked them; `now` in ms since 1970. */
  readonly decide: (tx: Tx, tenantId: string, lines: readonly string[], now: number) => Promise<void>;
};
