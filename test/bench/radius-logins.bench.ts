/**
 * How many subscribers a second FreeRADIUS lets in by PAP with our schema on a durable MariaDB, by themselves and while the
 * hub moves all of them between two groups in batches of 500. Rounds alternate; the undisturbed rate is the floor of both.
 */
import { median, printFigure, quantile, remark } from './figures.ts';
import { type Load, startLoad } from './load-process.ts';
import { expectOk, openRadius, type RadiusInstallation } from './logins/installation.ts';
import type { LoginResult, LoginRound } from './logins/login-round.ts';
import { withThrowAway } from './throw-away.ts';

const userCount = 1_000;
const batch = 500;
const rounds = 7;
const logins = 2_000;
const inFlight = 32;

type Measured = { readonly perSecond: number; readonly p99Ms: number; readonly movesPerSecond: number };

/** Moves everybody between the two groups, again and again, until told to stop; answers how many moves that were. */
function startMoving({ enforcer, users, wishes }: RadiusInstallation): { stop(): Promise<number> } {
  let isOver = false;
  const moving = (async () => {
    let moved = 0;
    for (let turn = 0; !isOver; turn++) {
      const start = (turn * batch) % users.length;
      const isHome = Math.floor((turn * batch) / users.length) % 2 === 1;
      const some = users.slice(start, start + batch);
      const applied = expectOk('move', await enforcer.applyUsers(wishes(some, isHome ? 'home' : 'isolir')));
      moved += applied.filter(({ outcome }) => outcome === 'written').length;
    }
    return moved;
  })();
  // The failure is told by `stop`.
  moving.catch(() => undefined);
  return {
    stop: () => {
      isOver = true;
      return moving;
    },
  };
}

async function measure(
  at: RadiusInstallation,
  load: Load<LoginRound, LoginResult>,
  isDisturbed: boolean,
): Promise<Measured> {
  const { authPort: port, router, users, password } = at;
  const moving = isDisturbed ? startMoving(at) : null;
  const result = await load.play({ port, ...router, users, password, logins, inFlight });
  const moved = (await moving?.stop()) ?? 0;
  if (result.accepted !== logins)
    throw new Error(`of ${logins} logins ${result.rejected} were refused and ${result.lost} not answered`);
  const seconds = result.elapsedMs / 1_000;
  return {
    perSecond: logins / seconds,
    p99Ms: quantile(result.latenciesMs, 0.99),
    movesPerSecond: moved / seconds,
  };
}

const middle = (measured: readonly Measured[], key: keyof Measured): number => median(measured.map((one) => one[key]));

await withThrowAway(async (place) => {
  const at = await openRadius(place, userCount);
  const program = new URL('./logins/load.ts', import.meta.url);
  const load = place.keep(startLoad<LoginRound, LoginResult>(program), (it) => it.stop());
  await measure(at, load, false);
  const quiet: Measured[] = [];
  const disturbed: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    quiet.push(await measure(at, load, false));
    disturbed.push(await measure(at, load, true));
  }
  const rate = { unit: 'logins/s', floor: middle(quiet, 'perSecond') };
  const p99 = { unit: 'ms', floor: middle(quiet, 'p99Ms') };
  printFigure({ name: 'radius-logins-rate', value: middle(quiet, 'perSecond'), ...rate });
  printFigure({ name: 'radius-logins-while-writing-rate', value: middle(disturbed, 'perSecond'), ...rate });
  printFigure({ name: 'radius-logins-while-writing-p99', value: middle(disturbed, 'p99Ms'), ...p99 });
  remark(`Meanwhile ${Math.round(middle(disturbed, 'movesPerSecond'))} users a second changed their group.`);
});
