import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { createLog } from '#platform/log.ts';
import { createLocalWakeUps, openWakeUps } from '#platform/queue.ts';
import { startRedis } from '#sandbox/services/redis.ts';
import { createTestBridge } from '#test/setup/bridge.ts';

const log = createLog('silent');

async function wakesAcross(where: { redisUrl: string | undefined; databaseUrl: string }): Promise<void> {
  const door = await openWakeUps(where, log);
  const worker = await openWakeUps(where, log);
  try {
    const woken = new Promise<void>((resolve) => worker.on('inbox', resolve));
    const again = setInterval(() => door.wake('inbox'), 200);
    await woken;
    clearInterval(again);
  } finally {
    await Promise.all([door.close(), worker.close()]);
  }
}

describe('wake-ups', () => {
  it('O6: a process at the doors wakes a worker through Redis', async () => {
    await wakesAcross({ redisUrl: inject('redisUrl'), databaseUrl: '' });
  });

  it('O6: without Redis they meet on BullMQ’s PostgreSQL backend', async () => {
    const bridge = await createTestBridge(inject('postgresUrl'));
    try {
      await wakesAcross({ redisUrl: undefined, databaseUrl: bridge.url });
    } finally {
      await bridge.close();
    }
  });

  it('law 6: with Redis away a wake-up is lost quietly; the loops poll', async () => {
    const door = await openWakeUps({ redisUrl: 'redis://127.0.0.1:1', databaseUrl: '' }, log);
    door.wake('inbox');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await door.close();
  });

  it('law 6: while Redis is paused wake-ups of a name do not pile up, and one is told when it goes on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jbw-'));
    await chmod(folder, 0o755);
    const redis = await startRedis({ dir: join(folder, 'rd') });
    const where = { redisUrl: redis.url, databaseUrl: '' };
    const door = await openWakeUps(where, log);
    const worker = await openWakeUps(where, log);
    try {
      let heard = 0;
      let rouse: () => void = () => undefined;
      worker.on('inbox', () => {
        heard += 1;
        rouse();
      });
      const hears = (): Promise<void> =>
        new Promise((resolve) => {
          rouse = resolve;
        });
      const first = hears();
      door.wake('inbox');
      await first;
      redis.kill('SIGSTOP');
      const before = heard;
      for (let i = 0; i < 20; i++) {
        door.wake('inbox');
        await sleep(60);
      }
      const next = hears();
      redis.kill('SIGCONT');
      await next;
      await sleep(500);
      expect(heard - before).toBeLessThanOrEqual(2);
    } finally {
      await Promise.all([door.close(), worker.close()]);
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('within one process a wake-up is a call', () => {
    const local = createLocalWakeUps();
    const heard: string[] = [];
    local.on('lines', () => heard.push('lines'));
    local.wake('lines');
    local.wake('outbox');
    expect(heard).toEqual(['lines']);
  });
});
