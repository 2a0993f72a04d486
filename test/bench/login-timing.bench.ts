/**
 * SEC-10: whether the time of a refused login tells if the account exists. 200 wrong passwords for an account that is
 * there and 200 for accounts that are not, in turn, compared by Welch's test. bcrypt runs at cost 8 instead of 12, a sixteenth
 * of the noise: a difference that the cost would hide stands out.
 */
import { median, printFigure, remark } from './figures.ts';
import { openIdentityDoor } from './identity/door.ts';
import type { Repeat, Repeated } from './identity/repeat.ts';
import { rawRequest } from './identity/request.ts';
import { compared } from './identity/welch.ts';
import { startLoad } from './load-process.ts';
import { withThrowAway } from './throw-away.ts';

const pairs = 200;
const cost = 8;

await withThrowAway(async (place) => {
  const { room, listening, login } = await openIdentityDoor(place, cost);
  const load = place.keep(startLoad<Repeat, Repeated>(new URL('./identity/repeat.ts', import.meta.url)), (it) =>
    it.stop(),
  );

  async function refusedMs(email: string): Promise<number> {
    const body = { ...login, email, password: 'wrong horse' };
    const request = rawRequest('POST', '/api/v1/auth/login', { body });
    const { latenciesMs, statuses } = await load.play({ port: listening.port, request, times: 1, connections: 1 });
    if (statuses[401] !== 1) throw new Error(`it was no 401: ${JSON.stringify(statuses)}`);
    return latenciesMs[0] ?? Number.NaN;
  }
  /** Pauses and blocks are another matter: what they count is forgotten before each try. */
  const forgetTries = () => room.deps.db.gate((tx) => tx.deleteFrom('rate_limits').execute());

  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < pairs; n++) {
    await forgetTries();
    // Whoever comes first must not matter either.
    const ask = [
      async () => known.push(await refusedMs(login.email)),
      async () => unknown.push(await refusedMs(`n${n}@x.example`)),
    ];
    for (const one of n % 2 === 0 ? ask : ask.reverse()) await one();
  }
  const { t, p } = compared(known, unknown);
  printFigure({ name: 'login-timing-known-account', value: median(known), unit: 'ms', floor: median(unknown) });
  remark(`The floor is an unknown account. Welch: t = ${t.toFixed(2)}, p = ${p.toFixed(3)}, n = ${2 * pairs}.`);
});
