import { groupName } from '#domain/groups.ts';
import { canonicalUsername } from '#domain/username.ts';

/** An open session, as far as it tells who is at an address. */
export type SessionThere = {
  readonly username: string;
  readonly nasAddress: string;
  readonly startedAt: Date | null;
  readonly group: string | null;
};

/** Whoever is at an address, as the enforcer knows it; `routerOf`: key of the tenant whose router sends from it. */
export type HolderThere = { readonly sessions: readonly SessionThere[]; readonly routerOf: string | null };

type Candidate = { readonly username: string; readonly nasAddress: string; readonly startedAt: number };

/**
 * Sessions that may be the visitor's, of a tenant: let in to its walled garden, or by a router that echoes no Class. An
 * address that a router gave out again belongs to the newer session; the older row only waits to be closed.
 */
export function candidatesOf(sessions: readonly SessionThere[], tenantId: string): readonly Candidate[] {
  const newest = new Map<string, Candidate>();
  for (const { username, nasAddress, startedAt, group } of sessions) {
    const canonical = canonicalUsername(username);
    if (!canonical.ok || (group !== null && group !== groupName(tenantId, 'isolir'))) continue;
    const session = { username: canonical.value, nasAddress, startedAt: startedAt?.getTime() ?? 0 };
    const known = newest.get(nasAddress);
    if (!known || known.startedAt <= session.startedAt) newest.set(nasAddress, session);
  }
  return [...newest.values()];
}

/** The one of these usernames that it must be; null: none, or two routers have given the address to two people. */
export function onlyOne(usernames: readonly string[]): string | null {
  const different = [...new Set(usernames)];
  return different.length === 1 ? (different[0] ?? null) : null;
}

const letters = 3;

/** `Budi Santoso` as `B*** S***`: enough for its bearer, too little for anybody else. */
export const maskedName = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .slice(0, letters)
    .map((word) => `${[...word][0] ?? ''}***`)
    .join(' ');
