import type { Result } from '#domain/result.ts';
import type { EnforcerFailure } from '../port.ts';

/** Who a user is, for whoever works in the enforcer's own console. Personal data. */
export type Person = {
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string;
  readonly address: string;
};

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

/** People beside the users, where the enforcer has a place for them (spec R1: daloRADIUS's `userinfo`). */
export interface People {
  keepsPeople(): Answer<boolean>;
  /** Writes what differs, and nothing where there is no place; answers whether anything was written. */
  describe(person: Person): Answer<boolean>;
}
