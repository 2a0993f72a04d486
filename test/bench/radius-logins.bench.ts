/**
 * PAP logins a second that FreeRADIUS answers on the hub's schema (MariaDB, 1,000 users), 32 in flight: undisturbed, and
 * while the hub moves all of them between two groups, 500 a transaction. The undisturbed rate of the same run is the
 * floor; rounds alternate.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { isolirGroupRows, planGroupRows } from '#domain/radius-groups.ts';
import { migrateRadius } from '#main/wire/radius-database.ts';
import type { Enforcer, UserAccess } from '#ports/enforcer/port.ts';
import { startFreeradius } from '#sandbox/services/freeradius.ts';
import { startMariadb } from '#sandbox/services/mariadb.ts';
import { median, printFigure, remark } from './figures.ts';
import { openDialler } from './logins/dialler.ts';
import { withThrowAway } from './throw-away.ts';

const users = Array.from({ length: 1_000 }, (_, i) => `bench${String(i).padStart(4, '0')}`);
const tenantKey = 't0be9c000';
const [plan, isolir] = [`${tenantKey}:home`, `${tenantKey}:isolir`];
const password = 'rahasia1';
const loginsARound = 2_000;
const rounds = 3;

async function demand(what: string, answer: Promise<{ readonly ok: boolean }>): Promise<void> {
  if (!(await answer).ok) throw new Error(`the enforcer could not write ${what}`);
}

function moved(group: string, generation: bigint): readonly UserAccess[] {
  return users.map((username) => ({ username, generation, group, password, mac: null, reply: [] }));
}

async function fill(enforcer: Enforcer, secret: string): Promise<void> {
  await demand(
    'the plan',
    enforcer.applyGroup({ group: plan, generation: 1n, ...planGroupRows({ downKbps: 10_000, upKbps: 2_000 }) }),
  );
  await demand('isolir', enforcer.applyGroup({ group: isolir, generation: 1n, ...isolirGroupRows() }));
  await demand(
    'the router',
    enforcer.applyNas({ address: '127.0.0.1', generation: 1n, shortname: 'bench', secret, type: 'other', tenantKey }),
  );
  await demand('the users', enforcer.applyUsers(moved(plan, 1n)));
}

/** Moves everybody to and fro until told to stop; answers how many users it moved. */
function startMoving(enforcer: Enforcer, from: bigint): () => Promise<bigint> {
  let goesOn = true;
  const moving = (async () => {
    let generation = from;
    while (goesOn) {
      generation += 1n;
      await demand('the move', enforcer.applyUsers(moved(generation % 2n === 0n ? isolir : plan, generation)));
    }
    return generation;
  })();
  return () => {
    goesOn = false;
    return moving;
  };
}

await withThrowAway(async ({ folder, keep }) => {
  const mariadb = keep(await startMariadb({ dir: join(folder, 'my'), durable: true }), (it) => it.stop());
  const root = await mysql.createConnection(mariadb.url);
  await root.query('create database radius');
  await root.end();
  const database = new URL('radius', mariadb.url).href;
  await migrateRadius(database);
  const coa = { disconnect: async () => ({ answer: 'silence', attempts: 0 }) as const };
  const enforcer = keep(createFreeradiusEnforcer({ databaseUrl: database, coa }), (it) => it.close());
  const secret = randomBytes(16).toString('hex');
  await fill(enforcer, secret);
  const freeradius = keep(await startFreeradius({ dir: join(folder, 'fr'), database }), (it) => it.stop());
  const dialler = keep(await openDialler({ port: freeradius.authPort, secret, users, password }), (it) => it.close());

  await dialler.dial(loginsARound);
  const quiet: number[] = [];
  const busy: number[] = [];
  let generation = 1n;
  for (let round = 0; round < rounds; round++) {
    quiet.push(await dialler.dial(loginsARound));
    const stop = startMoving(enforcer, generation);
    busy.push(await dialler.dial(loginsARound));
    generation = await stop();
  }
  printFigure({ name: 'radius-logins', value: median(quiet), unit: 'logins/s', floor: median(quiet) });
  printFigure({
    name: 'radius-logins-while-the-hub-writes',
    value: median(busy),
    unit: 'logins/s',
    floor: median(quiet),
  });
  remark(`${Number(generation) * users.length} users were written meanwhile; every login was accepted.`);
});
