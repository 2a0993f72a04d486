import { describe, expect, inject, it } from 'vitest';
import { createLog } from '#platform/log.ts';
import { createLocalWakeUps, openWakeUps } from '#platform/queue.ts';
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

  it('within one process a wake-up is a call', () => {
    const local = createLocalWakeUps();
    const heard: string[] = [];
    local.on('lines', () => heard.push('lines'));
    local.wake('lines');
    local.wake('outbox');
    expect(heard).toEqual(['lines']);
  });
});
