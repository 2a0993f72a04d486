import type { Database, Tx } from '#db/database.ts';
import type { Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';

/** Money that a reseller's deposit paid, and that goes back there (never to cash). */
export type ToDeposit = {
  readonly resellerId: string;
  readonly paymentId: string;
  /** Minor units. */
  readonly amount: bigint;
  readonly kind: 'reversal' | 'refund';
  /** The posting that says so; null: ERPNext keeps the payment, and the hub's books have but the deposit's side of it. */
  readonly postingId: string | null;
  readonly idemKey: string;
};

export type BillingDeps = {
  readonly db: Database;
  readonly clock: Clock;
  /** Decides about lines that were marked, in the transaction that marked them; `now` in ms since 1970. */
  readonly decide: (tx: Tx, tenantId: string, lines: readonly string[], now: number) => Promise<void>;
};

export type PaymentDeps = BillingDeps & {
  /** Gives a deposit back what it paid (journeys/give-back.ts); called last. */
  readonly giveBack: (tx: Tx, who: Who, back: ToDeposit, now: number) => Promise<void>;
};
