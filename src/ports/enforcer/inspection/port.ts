import type { DriftKind } from '#domain/drift.ts';
import type { Result } from '#domain/result.ts';
import type { EnforcerFailure, GroupAccess, Session, UserAccess } from '../port.ts';

/** One way in which an enforcer differs from what stands. No text in it is a secret. */
export type Difference = {
  readonly kind: DriftKind;
  /** The username, or the group. */
  readonly subject: string;
  readonly was: string;
  readonly shouldBe: string;
  /** Of `wrong_password`: what somebody wrote there, where the hub could write it too. A secret. */
  readonly foundPassword?: string;
  /** Of `fence_ahead`: the generation that the target has seen. */
  readonly seen?: bigint;
};

/** A user whose rows put it into one of a tenant's groups. */
export type Member = { readonly username: string; readonly group: string };

/** A part of a long list; `next` begins the following part, null: there is none. */
export type Part<T> = { readonly entries: readonly T[]; readonly next: string | null };

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

/**
 * Telling cheaply that what is held of a user is what it was: an opaque text that changes with any row of its, whoever's
 * they are, with its fence, and with what this version of the hub would make of them. `secret` is mixed in, since
 * passwords are among the rows: without it a stored digest tells nothing about them.
 */
export interface Digests {
  /** By username; one that cannot be told apart from another spelling of it is left out. */
  of(usernames: readonly string[], secret: string): Answer<ReadonlyMap<string, string>>;
  /** `inspectUsers`, and the digests, of one moment. */
  inspect(
    users: readonly UserAccess[],
    secret: string,
  ): Answer<{ readonly differences: readonly Difference[]; readonly digests: ReadonlyMap<string, string> }>;
}

/** Looking at what an enforcer holds (spec B5): reads only, in parts, whatever the number of subscribers. */
export interface Inspection {
  /** What writing these users would change. Rows that the hub does not own are in no difference. */
  inspectUsers(users: readonly UserAccess[]): Answer<readonly Difference[]>;
  /** What writing these groups would change. */
  inspectGroups(groups: readonly Omit<GroupAccess, 'generation'>[]): Answer<readonly Difference[]>;
  /** Everybody in a group of the tenant's, whoever put it there. */
  members(tenantKey: string, from: string | null): Answer<Part<Member>>;
  /** Open sessions that were let in under a group of the tenant's; one whose NAS echoes no Class is not among them. */
  tenantSessions(tenantKey: string, from: string | null): Answer<Part<Session>>;
  /** Absent where looking at all of it is as cheap. */
  readonly digests?: Digests;
}
