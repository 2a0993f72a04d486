import type { Database } from '#db/database.ts';
import type { DriftKind, DriftPolicy } from '#domain/drift.ts';
import type { Clock } from '#platform/clock.ts';
import type { Log } from '#platform/log.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Enforcer } from '#ports/enforcer/port.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import type { Run } from './record-drift.ts';

/** What reconciliations work with. The enforcer is the tenant's own; null while it has none. */
export type Reconciling = {
  readonly db: Database;
  readonly log: Log;
  readonly clock: Clock;
  readonly enforcerOf: (tenantId: string) => Promise<Enforcer | null>;
  readonly ledgerOf: (tenantId: string) => Promise<Ledger | null>;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
};

/** What one run has in hand. */
export type Running = Reconciling & {
  readonly run: Run;
  readonly policy: DriftPolicy;
  /** When the tenant was last found without this difference by a whole run; null: never yet. */
  readonly lastRunAt: Date | null;
  /** Counts what was looked at and found. */
  readonly count: (lines: number, kinds: readonly DriftKind[]) => void;
};

/** What looking at an enforcer needs beside it. */
export type Sweeping = Running & {
  readonly enforcer: Enforcer;
  readonly vault: TenantVault;
  readonly tenantKey: string;
  /** Mixed into digests of what the enforcer holds. */
  readonly secret: string;
};

/** Out of reach is no difference: the run fails, tells why, and nothing is concluded from it. */
export class SweepFailed extends Error {}
