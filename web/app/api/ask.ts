import { type Outcome, request, type Sending } from './request.ts';
import { accessToken } from './session.ts';

const loggedOut: Outcome<never> = {
  is: 'refused',
  status: 401,
  code: 'UNAUTHORIZED',
  message: '',
  details: {},
};

/** A request of whoever is logged in. A token that ran out is renewed once; 401 then says that the login is over. */
export async function ask<T>(method: string, path: string, sending: Sending = {}): Promise<Outcome<T>> {
  const token = await accessToken();
  if (token === 'away') return { is: 'away', afterMs: null };
  if (token === null) return loggedOut;
  const outcome = await request<T>(method, path, { ...sending, token });
  if (outcome.is !== 'refused' || outcome.status !== 401) return outcome;
  const next = await accessToken(token);
  if (next === 'away') return { is: 'away', afterMs: null };
  return next === null ? loggedOut : request<T>(method, path, { ...sending, token: next });
}
