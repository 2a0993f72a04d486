import type { Result } from '#domain/result.ts';
import type { Part } from '../inspection/port.ts';
import type { EnforcerFailure, Session } from '../port.ts';

/** The newest word of one router of the tenant's, of whichever session. */
export type RouterPulse = {
  readonly address: string;
  readonly heardAt: Date;
  /** The longest time between two updates of one of its open sessions, in seconds; null: none has sent two. */
  readonly intervalSeconds: number | null;
};

/** What was heard lately; `now` is the enforcer's own clock, as all times here are. */
export type Pulses = { readonly now: Date; readonly routers: readonly RouterPulse[] };

/** An open session that sends no accounting any more, and what happened since. */
export type QuietSession = {
  readonly session: Session;
  /** Between its last two updates; null: it has sent none. */
  readonly intervalSeconds: number | null;
  /** When its router last said that it begins anew (Accounting-On or -Off); null: never. */
  readonly restartedAt: Date | null;
  /** When its user was last refused a login; null: not lately. */
  readonly refusedAt: Date | null;
};

/** What accounting says of one session's traffic. Octets as the router counts them: input is what the line sent. */
export type SessionFigure = {
  /** Names the row for ever; a session id may be used again, and a row's key may change. */
  readonly row: string;
  /** Canonical. */
  readonly username: string;
  readonly startedAt: Date;
  /** The counters stood at zero then, or later: as the router's own count of the session's seconds has it. */
  readonly countsFrom: Date;
  /** When the figure was told. */
  readonly toldAt: Date;
  readonly inputOctets: bigint;
  readonly outputOctets: bigint;
};

/** Figures told, and sessions ended, in the last so many seconds by the enforcer's clock; `isWhole`: and all that is open. */
export type FigureQuery = { readonly lastSeconds: number; readonly isWhole: boolean };

/** A session of one user, open or over. */
export type PastSession = {
  readonly startedAt: Date | null;
  /** Null: it is open. */
  readonly endedAt: Date | null;
  /** The last word of it. */
  readonly seenAt: Date | null;
  readonly nasAddress: string;
  /** As the router counts, 64 bits: input is what the line sent. */
  readonly inputOctets: number;
  readonly outputOctets: number;
};

/** The same with all that is told of it. */
export type SessionRecord = PastSession & {
  /** Names the row for ever. */
  readonly row: string;
  readonly sessionId: string;
  readonly framedAddress: string | null;
  readonly callingStationId: string | null;
  /** Acct-Terminate-Cause in the router's spelling; null: it is open, or none was told. */
  readonly terminateCause: string | null;
  /** The RADIUS group that it was let in under; null where the router did not echo it. */
  readonly group: string | null;
};

/** Sessions that were open at some moment from `from` on and before `to`; null: no bound. The newest first. */
export type HistoryQuery = {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly limit: number;
  readonly offset: number;
};

/** `total`: how many there are without `limit` and `offset`. */
export type SessionHistory = { readonly sessions: readonly SessionRecord[]; readonly total: number };

type Answer<T> = Promise<Result<T, EnforcerFailure>>;

/** Looking at the accounting of a tenant's users (spec R6, R8, R9): reads only, in parts, one statement each. */
export interface Accounting {
  pulses(tenantKey: string): Answer<Pulses>;
  quietSessions(tenantKey: string, from: string | null): Answer<Part<QuietSession>>;
  figures(tenantKey: string, query: FigureQuery, from: string | null): Answer<Part<SessionFigure>>;
  /** Who of these users (canonical names, ten thousand at most) has an open session, in one look. */
  online(usernames: readonly string[]): Answer<ReadonlySet<string>>;
  /** The newest sessions of a user, the newest first. */
  lastSessions(username: string, limit: number): Answer<readonly PastSession[]>;
  /** Sessions of a user, open and over. */
  history(username: string, query: HistoryQuery): Answer<SessionHistory>;
}
