import type { Result } from '#domain/result.ts';
import type { LedgerFailure } from './port.ts';

/**
 * One thing that the ledger's own site needs for the hub. `there`: as it should be. `made`: just now. `missing`: the hub can
 * make it. `todo`: a person must. `advice`: it works without, and not as well.
 */
export type SetupStep = {
  readonly of: string;
  readonly state: 'there' | 'made' | 'missing' | 'todo' | 'advice';
  readonly words: string;
};

export type WantedSetup = {
  /** Where the ledger is to tell of changes: the final address, for a redirect loses what is told. */
  readonly webhookUrl: string;
  /** What it signs with. */
  readonly webhookSecret: string;
  /** IANA name of the zone in which the tenant's days begin. */
  readonly timeZone: string;
  /** Of subscriptions that name none. */
  readonly billingMode: 'prepaid' | 'postpaid';
  /** Where resellers' commission is booked when it is paid. */
  readonly commissionAccount: string;
};

/** How a ledger that lies elsewhere is furnished for the hub. Only what cannot even be looked at is a failure. */
export interface LedgerSetup {
  /** Looks at all of it, and changes nothing. */
  inspect(wanted: WantedSetup): Promise<Result<readonly SetupStep[], LedgerFailure>>;
  /** Makes what is missing; where all is there, nothing is written. */
  install(wanted: WantedSetup): Promise<Result<readonly SetupStep[], LedgerFailure>>;
}
