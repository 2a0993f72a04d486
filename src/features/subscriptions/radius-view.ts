import type { AttributeRow } from '#domain/access.ts';
import type { Result } from '#domain/result.ts';

/** An open session as the enforcer's accounting has it (spec R9). */
export type OnlineSession = {
  readonly sessionId: string;
  readonly nasAddress: string;
  readonly framedAddress: string | null;
  readonly callingStationId: string | null;
  readonly startedAt: Date | null;
  readonly updatedAt: Date | null;
  readonly inputOctets: number;
  readonly outputOctets: number;
  readonly group: string | null;
};

/** A session, open or over, as accounting has it; `row` names it for ever. */
export type PastSession = Omit<OnlineSession, 'updatedAt'> & {
  readonly row: string;
  readonly endedAt: Date | null;
  /** The last word of it. */
  readonly seenAt: Date | null;
  readonly terminateCause: string | null;
};

type Asked = {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly limit: number;
  readonly offset: number;
};
type History = { readonly sessions: readonly PastSession[]; readonly total: number };

type Rows = {
  readonly groups: readonly string[];
  readonly check: readonly AttributeRow[];
  readonly reply: readonly AttributeRow[];
};

/** What the enforcer holds of a user now; `foreign` are rows that the hub leaves alone. */
export type HeldRows = Rows & { readonly foreign: Rows; readonly generation: bigint | null };

/** The enforcer did not answer, and why, in words. */
export type Away = { readonly detail: string };

/** A look at the tenant's enforcer; nothing is changed by it. `username` is the canonical one. */
export type RadiusView = {
  sessionsOf(tenantId: string, username: string): Promise<Result<readonly OnlineSession[], Away>>;
  /** Sessions that were open at some moment of that time, the newest first. */
  history(tenantId: string, username: string, asked: Asked): Promise<Result<History, Away>>;
  readUser(tenantId: string, username: string): Promise<Result<HeldRows | null, Away>>;
};
