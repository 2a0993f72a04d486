import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createPasswords } from '#features/identity/passwords.ts';
import type { Line } from '#features/subscriptions/schema.ts';
import { type RunningHub, runHub } from '#main/run-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { freePort } from '#sandbox/services/free-port.ts';
import { type Redis, startRedis } from '#sandbox/services/redis.ts';
import { createDatabase, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { eventually } from './eventually.ts';
import { type Isp, isApplied, openIsp, type Subscriber } from './isp.ts';
import { hubEnvironment, logInOwner, openOffice } from './running-hub.ts';
import { openTwoDoors, type TwoDoors } from './two-doors.ts';

/** 10 of each kind at full length. */
const faultsOfAKind = Math.max(2, Math.round(10 * Number(process.env.JEMBATAN_FAULT_SCALE)));
const subscribers = 8;
/** How often the latency is measured, in each state. */
const payments = 5;

/** Two hubs at the doors behind one address and two that work, each with connections of its own. */
type Installation = {
  readonly isp: Isp;
  readonly all: readonly Subscriber[];
  /** Bills and pays at random until `stop`, and knows who owes. */
  startBilling(): { readonly owing: ReadonlyMap<string, string>; stop(): Promise<void>; payAll(): void };
  /** Waits until everybody is where their bills say, and nothing was given up. */
  comesRight(owing: ReadonlyMap<string, string>): Promise<void>;
  /** From a payment to the rows at RADIUS; the median in ms. */
  latency(): Promise<number>;
  closeHubs(): Promise<void>;
  close(): Promise<void>;
};

async function open(redisUrl: string | null): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'jbp-'));
  const bridge: TestBridge = await createTestBridge(inject('postgresUrl'), 1);
  const radius: RadiusDatabase = await createDatabase('mysql', inject('mariadbUrl'));
  const ports = [await freePort(), await freePort()];
  const doors: TwoDoors = await openTwoDoors(ports);
  const url = `http://127.0.0.1:${doors.port}`;
  const start = (role: 'api' | 'worker', port: number): Promise<RunningHub> => {
    const environment = {
      ...hubEnvironment(bridge.url, radius.url, folder),
      JEMBATAN_PUBLIC_URL: url,
      JEMBATAN_PORT: String(port),
      JEMBATAN_ROLE: role,
      ...(redisUrl !== null && { REDIS_URL: redisUrl }),
    };
    return runHub(readConfig(environment), createLog('silent'), { passwords: createPasswords(4) });
  };
  const hubs: RunningHub[] = [];
  for (const port of ports) hubs.push(await start('api', port));
  hubs.push(...(await Promise.all([start('worker', 0), start('worker', 0)])));
  const platform = await logInOwner(url);
  const isp = await openIsp({ url, addOffice: (name) => openOffice(url, platform, name) }, Date.now, 'banyak');
  const all: Subscriber[] = [];
  for (let i = 0; i < subscribers; i++) all.push(await isp.addSubscriber(`Banyak ${i}`));

  async function latency(): Promise<number> {
    const taken: number[] = [];
    for (const who of all.slice(0, payments)) {
      const invoice = isp.billOverdue(who);
      await isp.becomes(who, 'isolated', 60_000);
      const begun = performance.now();
      isp.erp.pay({ invoice });
      await isp.becomes(who, 'active', 60_000);
      taken.push(performance.now() - begun);
    }
    return taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? 0;
  }

  return {
    isp,
    all,
    latency,
    startBilling() {
      const owing = new Map<string, string>();
      let isOver = false;
      const billing = (async () => {
        while (!isOver) {
          const who = all[randomInt(all.length)];
          const invoice = who && owing.get(who.id);
          if (who && invoice === undefined) owing.set(who.id, isp.billOverdue(who));
          if (who && invoice !== undefined) {
            isp.erp.pay({ invoice });
            owing.delete(who.id);
          }
          await sleep(randomInt(20, 120));
        }
      })();
      return {
        owing,
        stop: async () => {
          isOver = true;
          await billing;
        },
        payAll: () => {
          for (const invoice of owing.values()) isp.erp.pay({ invoice });
          owing.clear();
        },
      };
    },
    async comesRight(owing) {
      const isRight = (line: Line): boolean =>
        line.state === (owing.has(line.id) ? 'isolated' : 'active') && isApplied(line);
      await eventually(
        async () => (await isp.admin.get<{ data: Line[] }>('subscriptions?page_size=100')).data,
        (lines) => lines.length === subscribers && lines.every(isRight),
        120_000,
      );
      expect(await bridge.look(`select 1 from outbox where state = 'dead'`)).toEqual([]);
      expect(isp.erp.deliveries().filter(({ tries }) => tries.length > 1)).toEqual([]);
    },
    closeHubs: async () => void (await Promise.all(hubs.splice(0).map((hub) => hub.close()))),
    async close() {
      await isp.stop();
      await Promise.all(hubs.map((hub) => hub.close()));
      await doors.close();
      await radius.drop();
      await bridge.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

describe('two hubs at the doors and two that work, on Redis', () => {
  let folder: string;
  let redis: Redis;
  let place: Installation;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jbq-'));
    await chmod(folder, 0o755);
    redis = await startRedis({ dir: join(folder, 'rd') });
    place = await open(redis.url);
  }, 120_000);
  afterAll(async () => {
    await place?.close();
    await redis?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const faults: readonly (() => Promise<void>)[] = [
    async () => {
      const socket = connect({ host: '127.0.0.1', port: redis.port });
      await once(socket, 'connect');
      socket.write('FLUSHALL\r\n');
      await once(socket, 'data');
      socket.destroy();
    },
    async () => {
      redis.kill('SIGSTOP');
      await sleep(randomInt(200, 1_500));
      redis.kill('SIGCONT');
    },
    async () => {
      redis.kill('SIGKILL');
      await sleep(randomInt(0, 1_000));
      redis = await startRedis({ dir: join(folder, 'rd'), port: redis.port });
    },
  ];

  it(`O6, law 6: Redis flushed, paused and killed ${faultsOfAKind} times each changes nothing but speed`, async () => {
    const well = await place.latency();
    const billing = place.startBilling();
    for (let i = 0; i < faultsOfAKind * faults.length; i++) {
      await sleep(randomInt(50, 400));
      await faults[i % faults.length]?.();
    }
    await billing.stop();
    await place.comesRight(billing.owing);
    billing.payAll();
    await place.comesRight(billing.owing);
    const after = await place.latency();
    redis.kill('SIGKILL');
    const without = await place.latency();
    say(
      `Scale-out: a payment's rows after ${well.toFixed(0)} ms with Redis, ${after.toFixed(0)} ms after ` +
        `${faultsOfAKind * faults.length} faults, ${without.toFixed(0)} ms without it (medians of ${payments})`,
    );
  }, 300_000);

  it('REL-28, O6: with Redis gone the hubs end in good order all the same', async () => {
    const begun = performance.now();
    await place.closeHubs();
    say(`Scale-out: four hubs ended in ${(performance.now() - begun).toFixed(0)} ms without Redis`);
  });
});

describe('two hubs at the doors and two that work, on PostgreSQL alone', () => {
  let place: Installation;
  beforeAll(async () => {
    place = await open(null);
  }, 120_000);
  afterAll(() => place?.close());

  it('O6: bills and payments go the same way without Redis', async () => {
    const well = await place.latency();
    const billing = place.startBilling();
    await sleep(3_000);
    await billing.stop();
    await place.comesRight(billing.owing);
    say(`Scale-out: a payment's rows after ${well.toFixed(0)} ms on PostgreSQL alone (median of ${payments})`);
  }, 300_000);
});
