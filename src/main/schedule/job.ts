/** One time at which a job is due. */
export type Occasion = {
  /** The latest due time that has come: after a downtime the ones before it are caught up with in this one run. */
  readonly due: Date;
  /** Now, in ms since 1970. */
  readonly now: number;
};

/**
 * What is to be done by the clock (spec O8), declared as data. `cron`: minute, hour, day, month, weekday, on the clocks
 * of the tenant, or for the platform's own jobs in UTC. A run that throws is tried again with growing pauses, and one
 * whose process dies is run again by another: so `run` must be harmless to repeat.
 */
export type Job =
  | {
      readonly name: string;
      readonly cron: string;
      readonly zone: 'platform';
      /** Due at once where the installation has never run it. */
      readonly atFirstStart?: boolean;
      readonly run: (occasion: Occasion) => Promise<void>;
    }
  | {
      readonly name: string;
      readonly cron: string;
      readonly zone: 'tenant';
      readonly atFirstStart?: boolean;
      readonly run: (occasion: Occasion & { readonly tenantId: string; readonly zone: string }) => Promise<void>;
    };

/** The zone that the platform's own jobs go by. */
export const platformZone = 'UTC';
