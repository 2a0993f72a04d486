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
}
