import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlFlavor } from '#db/migrator.ts';
import { startMariadb } from '#sandbox/services/mariadb.ts';
import { startPostgres } from '#sandbox/services/postgres.ts';
import { openPlace, type Place } from './place.ts';
import { flavors } from './radius-database.ts';

type Server = {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): boolean;
};

type Where = { readonly dir: string; readonly port?: number };

const startServer: Readonly<Record<SqlFlavor, (where: Where) => Promise<Server>>> = {
  mysql: startMariadb,
  postgres: startPostgres,
};

const budi = { 'User-Name': 'budi@isp', 'User-Password': 'rahasia' };
const start = { 'User-Name': 'citra@isp', 'Acct-Status-Type': 'Start', 'Acct-Session-Id': 'outage' };

describe.each(flavors)('an outage of %s', (flavor) => {
  let folder: string;
  let server: Server;
  let place: Place;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jbo-'));
    await chmod(folder, 0o755);
    server = await startServer[flavor]({ dir: join(folder, 'db') });
    place = await openPlace(flavor, server.url);
  });
  afterAll(async () => {
    await place.stop();
    await place.database.db.destroy();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Tries every 200 ms, as long as a router would; answers after how many milliseconds a login was accepted. */
  async function recoveryMs(): Promise<number> {
    const begin = performance.now();
    while (performance.now() - begin < 15_000) {
      if ((await place.login(budi, 'own', 1)).packet === 'Access-Accept') return performance.now() - begin;
      await sleep(200);
    }
    return Number.POSITIVE_INFINITY;
  }

  it('paused: silence, not a refusal, for right and wrong passwords and for accounting; then it goes on', async () => {
    expect((await place.login(budi)).packet).toBe('Access-Accept');
    server.kill('SIGSTOP');
    try {
      const answers = await Promise.all([
        place.login(budi, 'own', 5),
        place.login({ ...budi, 'User-Password': 'wrong' }, 'own', 5),
        place.account(start, 'own', 5),
      ]);
      expect(answers.map(({ packet }) => packet)).toEqual(['none', 'none', 'none']);
    } finally {
      server.kill('SIGCONT');
    }

    expect(await recoveryMs()).toBeLessThan(5_000);
    expect((await place.login({ ...budi, 'User-Password': 'wrong' })).packet).toBe('Access-Reject');
    expect((await place.account(start)).packet).toBe('Accounting-Response');
  });

  it('gone: silence, and service again soon after it is back', async () => {
    expect((await place.account({ ...start, 'Acct-Status-Type': 'Stop' })).packet).toBe('Accounting-Response');
    await server.stop();
    expect((await place.login(budi, 'own', 2)).packet).toBe('none');
    expect((await place.account({ ...start, 'Acct-Session-Id': 'lost' }, 'own', 2)).packet).toBe('none');
    server = await startServer[flavor]({ dir: join(folder, 'db'), port: server.port });

    expect(await recoveryMs()).toBeLessThan(5_000);
  });
});
