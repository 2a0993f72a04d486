import type { AttributeRow } from '#domain/access.ts';
import type { Result } from '#domain/result.ts';
import type { Accounting } from './accounting/port.ts';
import type { Inspection } from './inspection/port.ts';
import type { People } from './people/port.ts';

/** Everything that the hub owns of one user. `generation` fences it: the target refuses whoever comes with an older one. */
export type UserAccess = {
  readonly username: string;
  readonly generation: bigint;
  readonly group: string;
  readonly password: string;
  readonly mac: string | null;
  readonly reply: readonly AttributeRow[];
};

export type GroupAccess = {
  readonly group: string;
  readonly generation: bigint;
  readonly check: readonly AttributeRow[];
  readonly reply: readonly AttributeRow[];
};

/** A router as RADIUS knows it: `address` is the source address of its packets. */
export type NasEntry = {
  readonly address: string;
  readonly generation: bigint;
  readonly shortname: string;
  readonly secret: string;
  readonly type: string;
  readonly tenantKey: string;
};

/** A tenant to be taken out whole: `usernames` are those of its lines, in canonical form. */
export type TenantGone = { readonly tenantKey: string; readonly usernames: readonly string[] };

/** A router that the tenant has no more. */
export type NasGone = Pick<NasEntry, 'address' | 'generation' | 'tenantKey'>;

export type TenantEntry = { readonly tenantKey: string; readonly generation: bigint; readonly allowRoaming: boolean };

/** `superseded`: the target has seen a newer generation, nothing was written, and that is no failure. */
export type Applied = {
  readonly outcome: 'written' | 'unchanged' | 'superseded';
  readonly rowsChanged: number;
  /**
   * By the target's own clock: of `written` after the commit, else when rows of this name last changed. A login reads
   * its rows some moments before its session's start is recorded, so a start shortly after this may still be an old one.
   */
  readonly appliedAt: Date;
};

/** What the target holds of a user: rows that the hub may change, and `foreign` ones that it only shows. */
export type UserRows = {
  readonly groups: readonly string[];
  readonly check: readonly AttributeRow[];
  readonly reply: readonly AttributeRow[];
  readonly foreign: {
    readonly groups: readonly string[];
    readonly check: readonly AttributeRow[];
    readonly reply: readonly AttributeRow[];
  };
  /** Fence of the user; null where the hub never wrote it. */
  readonly generation: bigint | null;
};

/** An open row of `radacct`. */
export type Session = {
  readonly uniqueId: string;
  readonly sessionId: string;
  /** As its NAS spells it, where that is known: NASes compare it letter by letter. */
  readonly username: string;
  readonly nasAddress: string;
  readonly framedAddress: string | null;
  readonly callingStationId: string | null;
  readonly startedAt: Date | null;
  readonly updatedAt: Date | null;
  readonly inputOctets: number;
  readonly outputOctets: number;
  /** The RADIUS group it was let in under, from the Class attribute; null where the NAS did not echo it. */
  readonly group: string | null;
};

/** What the enforcer knows of an address on the network. */
export type AddressHolder = {
  /** Open sessions that were given it, of whichever tenant: two routers may use the same private range. */
  readonly sessions: readonly Session[];
  /** Key of the tenant whose router sends from it; null: no router does. */
  readonly routerOf: string | null;
};

/** How to reach the NAS of a session for a Disconnect or CoA (RFC 5176). */
export type CoaTarget = {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly signed: boolean;
  /** It is known not to answer: one short try, for the order must be given before its silence is believed. */
  readonly isBrief?: boolean;
};

/** What a running session can be told to change without a new login. */
export type LiveChange = { readonly rateLimit: string };

/** What came of a Disconnect or CoA. */
export type NasAnswer =
  | { readonly answer: 'ack'; readonly roundTripMs: number; readonly attempts: number }
  | {
      readonly answer: 'nak';
      readonly errorCause: number | null;
      readonly roundTripMs: number;
      readonly attempts: number;
    }
  | {
      readonly answer: 'silence';
      readonly attempts: number;
      /** `address:port` from which a right answer came that is not where the order went: the NAS stands behind NAT. */
      readonly heardFrom?: string;
    };

/** Proofs that let the hub close an open accounting row (spec R8). */
export type StaleProof = 'nas_says_gone' | 'nas_restarted' | 'silent_three_intervals';

/** A session's row as it was when the proof was made. */
export type SeenSession = Pick<Session, 'uniqueId' | 'updatedAt'>;

export type EnforcerFailure = {
  /**
   * `unreachable` is tried again, and so is `premature`: what the users stand on (their group) is not written yet.
   * `rejected` will not get better by itself.
   */
  readonly reason: 'unreachable' | 'premature' | 'rejected';
  readonly detail: string;
  /** Of `applyUsers`: the usernames that stand in the way; without them the call would go through. */
  readonly refused?: readonly string[];
};

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

/** Users that are being written, and stand for nobody yet. One of the two is called, soon: what was begun holds locks. */
export type BegunUsers = {
  /** Makes what was written stand, and answers as `applyUsers` does. */
  commit(): Answer<readonly Applied[]>;
  /** Takes all of it back. */
  undo(): void;
};

/**
 * The system that lets subscribers in and says how fast (spec chapter 5). Its writing methods are called by
 * `outbox/dispatch` alone; each is a desired state, so calling one twice changes nothing.
 */
export interface Enforcer extends Inspection, Accounting, People {
  /**
   * Many users in as few transactions as law 2 allows, names sorted. Answers in the order of the input. A refused user
   * refuses the call: nothing of its transaction is written, and `refused` names it. While any is `rejected`, only those
   * are named; the `premature` ones are when no other stands in the way.
   */
  applyUsers(users: readonly UserAccess[]): Answer<readonly Applied[]>;
  /**
   * `applyUsers` up to its commit, for whoever may write them as soon as something else has been committed. Null: not now. Left
   * out: this enforcer cannot.
   */
  beginUsers?(users: readonly UserAccess[]): BegunUsers | null;
  applyGroup(group: GroupAccess): Answer<Applied>;
  applyNas(nas: NasEntry): Answer<Applied>;
  /** Takes a router out; one that is another tenant's, or nobody's, stays as it is. Fenced like `applyNas`. */
  removeNas(gone: NasGone): Answer<Applied>;
  applyTenant(tenant: TenantEntry): Answer<Applied>;
  /**
   * Takes out all that a tenant has here (spec T4): its users with their accounting, groups, routers, fences. Rows that
   * the hub does not own stay, and so does a user that another tenant has. Answers how many rows went; interrupted, it
   * is called again and takes out the rest.
   */
  removeTenant(gone: TenantGone): Answer<number>;
  readUser(username: string): Answer<UserRows | null>;
  openSessions(username: string): Answer<readonly Session[]>;
  /** Who is at an IPv4 address: a subscriber's session, or a router (which may stand before its subscribers). */
  whoIsAt(address: string): Answer<AddressHolder>;
  /** The row of one session; null when it is closed or was never there. */
  isOpen(uniqueId: string): Answer<boolean>;
  dropSession(session: Session, target: CoaTarget): Answer<NasAnswer>;
  /** Tells the NAS of a session to change it as it runs (CoA); an ACK is no proof that it did. */
  changeSession(session: Session, target: CoaTarget, change: LiveChange): Answer<NasAnswer>;
  /** Closes the row if it is still open and unchanged since `session` was read; answers whether it did. */
  closeStale(session: SeenSession, proof: StaleProof): Answer<boolean>;
  /** Says in words what works; the failure says in words what to do. */
  test(): Answer<string>;
}
