import type { Session } from '#http/client/rooms/auth.ts';
import { forgetKept, keep, readKept } from '../kept/database.ts';
import { createStored } from '../kept/stored.ts';
import { pageName } from '../page-name.ts';
import { type Outcome, request } from './request.ts';

/** Who is logged in on this phone. */
export type LoggedIn = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** By the phone's clock; a little early, for a token that runs out on the way is a failed request. */
  readonly goodUntil: number;
  readonly user: { readonly id: string; readonly name: string; readonly role: string };
};

const key = 'session';
const earlyMs = 30_000;

/** `undefined`: not read yet; `null`: nobody. */
export const session = createStored<LoggedIn | null | undefined>(undefined);

async function hold(next: LoggedIn | null): Promise<void> {
  if (next) await keep(key, next);
  else await forgetKept(key);
  session.write(next);
}

export async function openSession(): Promise<void> {
  session.write((await readKept<LoggedIn>(key)) ?? null);
}

const loggedInBy = ({ access_token, refresh_token, expires_in, user }: Session): LoggedIn => ({
  accessToken: access_token,
  refreshToken: refresh_token,
  goodUntil: Date.now() + expires_in * 1_000 - earlyMs,
  user: { id: user.id, name: user.name, role: user.role },
});

export type Credentials = {
  readonly subdomain: string;
  readonly email: string;
  readonly password: string;
  readonly otp?: string;
};

/** Logs in; somebody whom the page is not for is answered, and not kept: their login ends at once. */
export async function logIn(
  credentials: Credentials,
  isFor: (user: LoggedIn['user']) => boolean,
): Promise<Outcome<Session>> {
  const outcome = await request<Session>('POST', 'auth/login', { json: credentials });
  if (outcome.is !== 'done') return outcome;
  if (isFor(outcome.body.user)) await hold(loggedInBy(outcome.body));
  else await request('POST', 'auth/logout', { json: { refresh_token: outcome.body.refresh_token } });
  return outcome;
}

/** The phone forgets who it was; the hub is told where it can be reached. What waits to be sent stays. */
export async function logOut(): Promise<void> {
  const held = session.read();
  await hold(null);
  if (held) await request('POST', 'auth/logout', { json: { refresh_token: held.refreshToken } });
}

/**
 * A refresh token is good once, and its second use ends the login: one tab at a time asks, and looks first whether another
 * has. Null: the login is over; `away`: nobody knows.
 */
async function renew(spent: string): Promise<LoggedIn | null | 'away'> {
  const kept = await readKept<LoggedIn>(key);
  if (!kept) return null;
  if (kept.accessToken !== spent) {
    session.write(kept);
    return kept;
  }
  const outcome = await request<Session>('POST', 'auth/refresh', { json: { refresh_token: kept.refreshToken } });
  if (outcome.is === 'away') return 'away';
  if (outcome.is === 'refused' && outcome.status !== 401 && outcome.status !== 403) return 'away';
  const next = outcome.is === 'done' ? loggedInBy(outcome.body) : null;
  await hold(next);
  return next;
}

/** The access token of the moment; `spent` names one that the hub has just refused. */
export async function accessToken(spent?: string): Promise<string | null | 'away'> {
  const held = session.read();
  if (!held) return null;
  if (held.accessToken !== spent && Date.now() < held.goodUntil) return held.accessToken;
  const next = await navigator.locks.request(`${pageName()}-session`, () => renew(held.accessToken));
  return next === 'away' || next === null ? next : next.accessToken;
}
