import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLog } from '#platform/log.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { createAllowance } from './allowance.ts';
import { type Counters, createMemoryCounters, openCounters } from './counters.ts';

const log = createLog('silent');
const stores = ['PostgreSQL', 'Redis'] as const;
let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const openOn = (store: (typeof stores)[number] | 'memory'): Promise<Counters> =>
  store === 'memory'
    ? Promise.resolve(createMemoryCounters())
    : openCounters({ databaseUrl: bridge.url, redisUrl: store === 'Redis' ? inject('redisUrl') : undefined }, log);

describe.each([...stores, 'memory'] as const)('counters on %s', (store) => {
  it('add up, can be read, given back and forgotten; a window begins with the first addition and is not prolonged', async () => {
    const counters = await openOn(store);
    const key = randomUUID();
    expect(await counters.read(key)).toBeNull();
    expect(await counters.add(key, 3, 60)).toMatchObject({ total: 3 });
    const { total, msLeft } = await counters.add(key, 4, 3_600);
    expect(total).toBe(7);
    expect(msLeft).toBeGreaterThan(0);
    expect(msLeft).toBeLessThanOrEqual(60_000);
    expect(await counters.add(key, -2, 60)).toMatchObject({ total: 5 });
    expect(await counters.read(key)).toMatchObject({ total: 5 });
    await counters.forget(key);
    expect(await counters.read(key)).toBeNull();
    await counters.close();
  });

  it('begin again when their window is over', async () => {
    const counters = await openOn(store);
    const key = randomUUID();
    await counters.add(key, 5, 1);
    await eventually(
      () => counters.read(key),
      (count) => count === null,
      20_000,
    );
    expect(await counters.add(key, 1, 60)).toMatchObject({ total: 1 });
    await counters.close();
  });
});

describe.each(stores)('counters of two processes on %s', (store) => {
  it('lose and double nothing when both count at once', async () => {
    const both = [await openOn(store), await openOn(store)];
    const key = randomUUID();
    const totals = await Promise.all(Array.from({ length: 200 }, (_, n) => both[n % 2]?.add(key, 1, 60)));
    expect(new Set(totals.map((count) => count?.total))).toEqual(new Set(Array.from({ length: 200 }, (_, n) => n + 1)));
    await Promise.all(both.map((counters) => counters.close()));
  });

  it('P50: a limit holds over both, whatever each was asked', async () => {
    const both = [await openOn(store), await openOn(store)];
    const limit = 40;
    const name = randomUUID();
    const allowances = both.map((counters) => createAllowance(counters, { name, limit, windowSeconds: 60 }, Date.now));
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => allowances[n % 3 === 0 ? 0 : 1]?.spend('one')),
    );
    const passed = answers.filter((answer) => answer === null).length;
    expect(passed).toBeLessThanOrEqual(limit);
    expect(passed).toBeGreaterThanOrEqual(limit - 2);
    await Promise.all(both.map((counters) => counters.close()));
  });
});

describe('a store that is away', () => {
  it.each([
    ['PostgreSQL', { databaseUrl: 'postgres://nobody@127.0.0.1:1/none', redisUrl: undefined }],
    ['Redis', { databaseUrl: '', redisUrl: 'redis://127.0.0.1:1' }],
  ])('I5: %s: the process counts for itself, and the limit holds within it', async (_, where) => {
    const counters = await openCounters(where, log);
    const allowance = createAllowance(counters, { name: 'x', limit: 3, windowSeconds: 60 }, Date.now);
    const answers: (number | null)[] = [];
    for (let n = 0; n < 5; n++) answers.push(await allowance.spend('one'));
    expect(answers.map((answer) => answer === null)).toEqual([true, true, true, false, false]);
    await counters.close();
  });
});
