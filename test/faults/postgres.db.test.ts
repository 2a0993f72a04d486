import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FragileDatabaseError } from '#main/databases.ts';
import { runHub } from '#main/run-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { freePort } from '#sandbox/services/free-port.ts';
import { type Postgres, startPostgres } from '#sandbox/services/postgres.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { createHubChild, type HubChild } from '#test/pipeline/hub-child.ts';
import { hubEnvironment, logInOwner, openOffice } from '#test/pipeline/running-hub.ts';
import { createDatabase, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { lostOf, startTraffic } from './acknowledged.ts';
import type { ApiPlace } from './programs/api.ts';
import { openVictims } from './victims.ts';

const scale = Number(process.env.JEMBATAN_FAULT_SCALE);
/** 50 at full length. */
const kills = Math.max(3, Math.round(50 * scale));
/** A minute at full length; longer than a try may take, so that some are answered while it lasts. */
const outageMs = Math.max(5_000, 60_000 * scale);
const senders = 16;
/** As many as the senders' side opens connections: what is measured is the hub, not a queue before it. */
const atOnce = 8;
/** The wrong variant loses something at the first kill; it gets a few. */
const killsOfControl = 5;
const secret = 'rahasia-webhook-17';

let folder: string;
let postgres: Postgres;
let bridge: TestBridge;
let radius: RadiusDatabase;
let environment: NodeJS.ProcessEnv;
let hub: HubChild;
let url: string;
let door: string;

/** On the port and the files of the one before; a killed server's processes leave one after the other. */
const startAgain = (port: number): Promise<Postgres> =>
  eventually(
    () => startPostgres({ dir: join(folder, 'pg'), durable: true, port }).catch(() => null),
    (started) => started !== null,
    60_000,
  ).then((started) => {
    if (!started) throw new Error('it did not start');
    return started;
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jbf-'));
  await chmod(folder, 0o755);
  postgres = await startPostgres({ dir: join(folder, 'pg'), durable: true });
  bridge = await createTestBridge(postgres.url, 1);
  radius = await createDatabase('mysql', inject('mariadbUrl'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  environment = {
    ...hubEnvironment(bridge.url, radius.url, join(folder, 'data')),
    JEMBATAN_ALLOW_FRAGILE: 'no',
    JEMBATAN_PORT: String(port),
  };
  hub = createHubChild(url, environment);
  await hub.start();
  const office = await openOffice(url, await logInOwner(url), 'tahan');
  const erpnext = { url: 'http://127.0.0.1:9', api_key: 'k', api_secret: 's', webhook_secret: secret };
  await office.admin.put('connections/erpnext', erpnext);
  door = `${url}/webhooks/erpnext/${office.subdomain}`;
}, 120_000);
afterAll(async () => {
  await hub?.kill();
  await radius?.drop();
  await bridge?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const isReady = async (): Promise<boolean> => (await fetch(`${url}/readyz`).catch(() => null))?.ok ?? false;
const returns = (): Promise<boolean> => eventually(isReady, (ready) => ready, 60_000);

describe('the bridge’s PostgreSQL', () => {
  it(`REL-3: killed ${kills} times under load, it has lost nothing that was acknowledged`, async () => {
    const traffic = startTraffic(door, secret, senders);
    for (let i = 0; i < kills; i++) {
      const known = traffic.acknowledged.length;
      await eventually(
        () => traffic.acknowledged.length,
        (count) => count > known + senders,
      );
      postgres.kill('SIGKILL');
      postgres = await startAgain(postgres.port);
    }
    await returns();
    await traffic.stop();
    process.stdout.write(`REL-3: ${kills} kills, ${traffic.acknowledged.length} acknowledged, 0 lost\n`);
    expect(await lostOf(traffic, bridge)).toEqual([]);
    expect(traffic.acknowledged.length).toBeGreaterThan(kills * senders);
  }, 300_000);

  it.each([
    ['paused', async () => postgres.kill('SIGSTOP'), async () => postgres.kill('SIGCONT')],
    [
      'stopped',
      () => postgres.stop(),
      async () => {
        postgres = await startAgain(postgres.port);
      },
    ],
  ] as const)(
    'REL-10: %s, deliveries are refused with 503, nothing acknowledged is lost, and all goes on',
    async (how, away, back) => {
      const traffic = startTraffic(door, secret, atOnce);
      await eventually(
        () => traffic.acknowledged.length,
        (count) => count > senders,
      );
      await away();
      // What was on its way may still have been answered.
      await sleep(200);
      const from = traffic.tries.length;
      await sleep(outageMs);
      const during = traffic.tries.slice(from);
      await back();
      const begun = performance.now();
      await returns();
      const ms = performance.now() - begun;
      const known = traffic.acknowledged.length;
      await eventually(
        () => traffic.acknowledged.length,
        (count) => count > known + senders,
      );
      await traffic.stop();
      const slowest = Math.max(...during.map((one) => one.ms));
      process.stdout.write(
        `REL-10: ${how}: 503 after ${slowest.toFixed(0)} ms at most, ready ${ms.toFixed(0)} ms after its return\n`,
      );
      expect(during.length).toBeGreaterThan(0);
      expect(new Set(during.map(({ status }) => status))).toEqual(new Set([503]));
      expect(await lostOf(traffic, bridge)).toEqual([]);
    },
    180_000,
  );

  it.each(['fsync', 'synchronous_commit', 'full_page_writes'])(
    'REL-3: with %s off the hub does not start, and says what to switch on',
    async (setting) => {
      await bridge.look(`alter system set ${setting} = off`);
      await bridge.look('select pg_reload_conf()');
      try {
        await eventually(
          () => bridge.look<{ setting: string }>('select setting from pg_settings where name = $1', [setting]),
          ([row]) => row?.setting === 'off',
        );
        const start = runHub(readConfig({ ...environment, JEMBATAN_PORT: '0' }), createLog('silent'));
        await expect(start).rejects.toThrow(FragileDatabaseError);
        await expect(start).rejects.toThrow(`Switch on: ${setting}.`);
      } finally {
        await bridge.look(`alter system reset ${setting}`);
        await bridge.look('select pg_reload_conf()');
      }
    },
  );

  it('REL-3, control: what commits with synchronous_commit off is acknowledged, and lost with the server', async () => {
    // Nothing checks the server here, and the log is left in memory for as long as it can be.
    await bridge.look('alter system set synchronous_commit = off');
    await bridge.look(`alter system set wal_writer_delay = '10s'`);
    await bridge.look('select pg_reload_conf()');
    const victims = await openVictims<ApiPlace>(new URL('./programs/api.ts', import.meta.url));
    try {
      const [tenant] = await bridge.look<{ id: string }>('select id from tenants limit 1');
      const port = await freePort();
      const place = { databaseUrl: bridge.url, port, tenantId: tenant?.id ?? '', secret, acknowledgesFirst: false };
      const api = await victims.next(place);
      await api.go();
      const traffic = startTraffic(`http://127.0.0.1:${port}/webhooks/erpnext/x`, secret, senders);
      let gone: readonly string[] = [];
      let tries = 0;
      for (; gone.length === 0 && tries < killsOfControl; tries++) {
        const known = traffic.acknowledged.length;
        await eventually(
          () => traffic.acknowledged.length,
          (count) => count > known + 10 * senders,
        );
        postgres.kill('SIGKILL');
        postgres = await startAgain(postgres.port);
        gone = await lostOf(traffic, bridge);
      }
      await traffic.stop();
      gone = await lostOf(traffic, bridge);
      process.stdout.write(
        `REL-3, control: ${tries} kills, ${gone.length} of ${traffic.acknowledged.length} acknowledged lost\n`,
      );
      expect(gone.length).toBeGreaterThan(0);
    } finally {
      await victims.close();
      await bridge.look('alter system reset all');
      await bridge.look('select pg_reload_conf()');
    }
  }, 180_000);

  it('REL-3: the command ends with 1 and words, not with a stack', async () => {
    const command = fileURLToPath(new URL('../../bin/jembatan.mjs', import.meta.url));
    const env = {
      ...process.env,
      ...environment,
      // The run's own server, which is fast and not durable.
      DATABASE_URL: inject('postgresUrl'),
      JEMBATAN_PORT: '0',
    };
    const child = spawn(process.execPath, [command, 'start'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(said).toMatch(/^The hub does not start\. The database has fsync, .* switched off/m);
    expect(said).not.toContain('    at ');
  });
});
