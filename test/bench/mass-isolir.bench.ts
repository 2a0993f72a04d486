/**
 * 10,000 subscribers become due at once. MariaDB's part (fences and rows, by the enforcer alone), then the whole run of a
 * hub (clock, decisions, timeline, outbox, rows; the brake raised by the tenant's setting), both beside one transaction that
 * does no more than change the 10,000 group rows; the whole run beside the usual way, a loop of autocommitted statements
 * and a radclient for each user (500 of them, extrapolated); and FreeRADIUS's logins a second while such runs go on.
 * Disconnects have lanes and a pace of their own, and are not in the run.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { acknowledging } from '#connectors/freeradius/testing/subject.ts';
import { startFreeradius } from '#sandbox/services/freeradius.ts';
import { startMariadb } from '#sandbox/services/mariadb.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { createDatabase, prepareForFreeradius } from '#test/radius/radius-database.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { median, printFigure, remark } from './figures.ts';
import { type Load, startLoad } from './load-process.ts';
import { expectOk } from './logins/installation.ts';
import type { LoginResult, LoginRound } from './logins/login-round.ts';
import { type Hub, startHub } from './mass-isolir/hub.ts';
import { openRowsAlone } from './mass-isolir/rows-alone.ts';
import { buildTown, password, router, type Town } from './mass-isolir/town.ts';
import { type ThrowAway, withThrowAway } from './throw-away.ts';

const subscribers = 10_000;
const looped = 500;
const rounds = 3;
const logins = 2_000;
const inFlight = 32;

async function openServers({ folder, keep }: ThrowAway) {
  const postgres = keep(await startPostgres({ dir: join(folder, 'pg'), durable: true }), (it) => it.stop());
  const mariadb = keep(await startMariadb({ dir: join(folder, 'my'), durable: true }), (it) => it.stop());
  const bridge = keep(await createTestBridge(postgres.url, 10), (it) => it.close());
  const radius = keep(await createDatabase('mysql', mariadb.url), (it) => it.drop());
  const login = await prepareForFreeradius(radius);
  const databaseUrl = radius.url;
  const enforcer = keep(createFreeradiusEnforcer({ databaseUrl, coa: acknowledging }), (it) => it.close());
  const coa = { secret: randomBytes(12).toString('hex') };
  const server = keep(await startFreeradius({ dir: join(folder, 'fr'), database: login, coa }), (it) => it.stop());
  return { bridge, databaseUrl, enforcer, server, coa };
}

/** Runs follow each other until told to stop; answers how many there were. */
function startRunning(hub: Hub): { stop(): Promise<number> } {
  let isOver = false;
  const running = (async () => {
    let runs = 0;
    for (; !isOver; runs++) await (runs % 2 === 0 ? hub.isolate() : hub.restore());
    if (runs % 2 === 1) await hub.restore();
    return runs;
  })();
  // The failure is told by `stop`.
  running.catch(() => undefined);
  return {
    stop: () => {
      isOver = true;
      return running;
    },
  };
}

async function loginRate(load: Load<LoginRound, LoginResult>, port: number, users: Town['usernames'], hub: Hub | null) {
  const running = hub && startRunning(hub);
  const result = await load.play({ port, ...router, users, password, logins, inFlight });
  await running?.stop();
  if (result.accepted !== logins)
    throw new Error(`of ${logins} logins ${result.rejected} were refused and ${result.lost} not answered`);
  return (1_000 * logins) / result.elapsedMs;
}

type Servers = Awaited<ReturnType<typeof openServers>>;
type Alone = Awaited<ReturnType<typeof openRowsAlone>>;

const groupOf = (town: Town, group: 'home' | 'isolir'): string => town.wishes(group, 0n)[0]?.group ?? '';

async function applyAll(enforcer: Servers['enforcer'], wishes: ReturnType<Town['wishes']>): Promise<number> {
  const start = performance.now();
  const applied = expectOk('rows', await enforcer.applyUsers(wishes));
  const seconds = (performance.now() - start) / 1_000;
  if (!applied.every(({ outcome }) => outcome === 'written')) throw new Error('not every user was written');
  return seconds;
}

/** Seconds of the floor, and of the enforcer by itself. */
async function measureRows(alone: Alone, enforcer: Servers['enforcer'], town: Town) {
  const floors: number[] = [];
  const enforced: number[] = [];
  await applyAll(enforcer, town.wishes('home', 1n));
  for (let round = 0; round < rounds; round++) {
    for (const group of ['isolir', 'home', 'isolir', 'home'] as const)
      floors.push(await alone.bulkUpdate(town.usernames, groupOf(town, group)));
    enforced.push(await applyAll(enforcer, town.wishes('isolir', BigInt(2 * round + 2))));
    await applyAll(enforcer, town.wishes('home', BigInt(2 * round + 3)));
  }
  return { floor: median(floors), enforced: median(enforced) };
}

/** Seconds of a whole run, there and back. */
async function measureRuns(hub: Hub) {
  const there: number[] = [];
  const back: number[] = [];
  await hub.restore();
  for (let round = 0; round < rounds; round++) {
    there.push(await hub.isolate());
    back.push(await hub.restore());
  }
  return { isolated: median(there), restored: median(back) };
}

/** Logins a second, undisturbed and while runs go on. */
async function measureLogins({ keep }: ThrowAway, port: number, users: Town['usernames'], hub: Hub) {
  const program = new URL('./logins/load.ts', import.meta.url);
  const load = keep(startLoad<LoginRound, LoginResult>(program), (it) => it.stop());
  await loginRate(load, port, users, null);
  const undisturbed: number[] = [];
  const disturbed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    undisturbed.push(await loginRate(load, port, users, null));
    disturbed.push(await loginRate(load, port, users, hub));
  }
  return { value: median(disturbed), floor: median(undisturbed) };
}

await withThrowAway(async (place) => {
  const { bridge, databaseUrl, enforcer, server, coa } = await openServers(place);
  const town = await buildTown(bridge, enforcer, subscribers);
  const alone = place.keep(await openRowsAlone(databaseUrl), (it) => it.close());
  const { floor, enforced } = await measureRows(alone, enforcer, town);
  printFigure({ name: 'mass-isolir-mariadb', value: enforced, unit: 's', floor });

  await bridge.look(`select setval('access_generation', 1000)`);
  const hub = place.keep(startHub(bridge, enforcer, town), (it) => it.stop());
  const { isolated, restored } = await measureRuns(hub);
  printFigure({ name: 'mass-isolir-run', value: isolated, unit: 's', floor });
  printFigure({ name: 'mass-restore-run', value: restored, unit: 's', floor });

  const rate = await measureLogins(place, server.authPort, town.usernames, hub);
  printFigure({ name: 'mass-isolir-logins', unit: 'logins/s', ...rate });

  const target = { port: server.coaPort ?? 0, secret: coa.secret };
  const seconds = await alone.oneByOne(town.usernames.slice(0, looped), groupOf(town, 'isolir'), target);
  const usual = (seconds * subscribers) / looped;
  printFigure({ name: 'mass-isolir-usual-way', value: usual, unit: 's', floor: isolated });
  remark(`The usual way took ${seconds.toFixed(1)} s for ${looped} users; for all of them it is extrapolated.`);
});
