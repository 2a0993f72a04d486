/**
 * How many logins a second the hub's door takes, beside what bcrypt alone gives with as many at a time; and how long the
 * event loop is kept waiting meanwhile, beside the same while bcrypt alone runs. Rounds alternate; medians of them.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPasswords } from '#features/identity/passwords.ts';
import { median, printFigure, remark } from './figures.ts';
import { openIdentityDoor } from './identity/door.ts';
import type { Repeat, Repeated } from './identity/repeat.ts';
import { rawRequest } from './identity/request.ts';
import { startLoad } from './load-process.ts';
import { withThrowAway } from './throw-away.ts';

const rounds = 5;
const loginsARound = 24;
const connections = 8;

type Measured = { readonly perSecond: number; readonly loopDelayP99Ms: number };

/** `work` in this process, with the event loop watched. */
async function watched(work: () => Promise<number>): Promise<Measured> {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  const elapsedMs = await work();
  delays.disable();
  return { perSecond: (loginsARound / elapsedMs) * 1_000, loopDelayP99Ms: delays.percentile(99) / 1e6 };
}

await withThrowAway(async (place) => {
  const { listening, login } = await openIdentityDoor(place);
  const load = place.keep(startLoad<Repeat, Repeated>(new URL('./identity/repeat.ts', import.meta.url)), (it) =>
    it.stop(),
  );
  const request = rawRequest('POST', '/api/v1/auth/login', { body: login });
  const passwords = createPasswords();
  const hashed = await passwords.hash(login.password);

  async function logins(): Promise<number> {
    const { elapsedMs, statuses } = await load.play({
      port: listening.port,
      request,
      times: loginsARound,
      connections,
    });
    if (statuses[200] !== loginsARound) throw new Error(`not all were 200: ${JSON.stringify(statuses)}`);
    return elapsedMs;
  }
  async function hashes(): Promise<number> {
    const began = performance.now();
    await Promise.all(Array.from({ length: loginsARound }, () => passwords.matches(login.password, hashed)));
    return performance.now() - began;
  }

  await logins();
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await watched(logins));
    theirs.push(await watched(hashes));
  }
  const middle = (of: readonly Measured[], what: keyof Measured): number => median(of.map((one) => one[what]));
  const figure = (name: string, unit: string, what: keyof Measured): void =>
    printFigure({ name, unit, value: middle(ours, what), floor: middle(theirs, what) });
  figure('login-rate', 'logins/s', 'perSecond');
  figure('login-loop-delay-p99', 'ms', 'loopDelayP99Ms');
  remark('The floor is bcrypt of cost 12, two at a time, in the same process.');
});
