import type { LoginMethod, LoginResult, Nas } from '../../nas/nas.ts';
import { modem, type Scene } from './scene.ts';
import type { Subscriber } from './sign-up.ts';

const spelled: Readonly<Record<LoginMethod, string>> = { pap: 'PAP', chap: 'CHAP', mschapv2: 'MS-CHAPv2' };

const rateOf = ({ attributes }: LoginResult): string => attributes['Mikrotik-Rate-Limit']?.[0] ?? 'none';

async function dial(nas: Nas, { line, password }: Subscriber, method: LoginMethod): Promise<LoginResult> {
  const result = await nas.login({ username: line.username, password, method, mac: modem });
  if (!result.accepted) throw new Error(`${line.username} was not let in by ${spelled[method]}.`);
  return result;
}

/** The modem dials by PAP, hangs up, and dials by MS-CHAPv2; from now on it dials again by itself when it is dropped. */
export async function logIn({ narrator }: Scene, nas: Nas, subscriber: Subscriber): Promise<string> {
  const tell = (method: LoginMethod) => (result: LoginResult) =>
    `The modem dials by ${spelled[method]} and is let in: Mikrotik-Rate-Limit ${rateOf(result)}, address ${result.session?.framedAddress}.`;
  const first = await narrator.step(tell('pap'), () => dial(nas, subscriber, 'pap'));
  if (first.session) await nas.logout(first.session);
  const second = await narrator.step(tell('mschapv2'), () => dial(nas, subscriber, 'mschapv2'));
  nas.behaviour({ autoRelogin: true });
  return rateOf(second);
}
