import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockedCounters } from '#test/features/clocked-counters.ts';
import { createAllowance } from './allowance.ts';

const windowSeconds = 60;
/** Several processes that count on one store, on one clock. */
function processes(limit: number, count: number) {
  const time = { now: 1_000_000 };
  const clock = () => time.now;
  const counters = clockedCounters(clock);
  const all = Array.from({ length: count }, () =>
    createAllowance(counters, { name: 'x', limit, windowSeconds }, clock),
  );
  return { time, counters, all };
}

describe('an allowance', () => {
  it('P50: a client over its limit is refused until the window ends, over however many processes it spreads', async () => {
    const scene = fc.record({
      limit: fc.integer({ min: 1, max: 300 }),
      count: fc.integer({ min: 1, max: 4 }),
      over: fc.integer({ min: 0, max: 400 }),
      isParallel: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ limit, count, over, isParallel }) => {
        const { time, all } = processes(limit, count);
        const ask = (n: number) => all[n % count]?.spend('a') ?? Promise.resolve(0);
        const asked = Array.from({ length: limit + over }, (_, n) => n);
        const answers: (number | null)[] = [];
        if (isParallel) answers.push(...(await Promise.all(asked.map(ask))));
        else for (const n of asked) answers.push(await ask(n));
        const passed = answers.filter((answer) => answer === null).length;
        expect(passed).toBeLessThanOrEqual(limit);
        // What another process leased and did not use is lost: at most a twentieth each, and nothing for one alone.
        expect(passed).toBeGreaterThanOrEqual(limit - (count - 1) * Math.ceil(limit / 20));
        for (const wait of answers.filter((answer) => answer !== null)) {
          expect(wait).toBeGreaterThan(0);
          expect(wait).toBeLessThanOrEqual(windowSeconds * 1_000);
        }
        time.now += windowSeconds * 1_000;
        expect(await ask(0)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('a flood over the limit costs no call of the store, and requests within it a few dozen a thousand', async () => {
    const { all, counters } = processes(1_000, 1);
    const [one] = all;
    for (let n = 0; n < 1_000; n++) expect(await one?.spend('a')).toBeNull();
    expect(counters.calls()).toBeLessThan(120);
    const before = counters.calls();
    for (let n = 0; n < 10_000; n++) expect(await one?.spend('a')).not.toBeNull();
    expect(counters.calls()).toBe(before);
  });

  it('one key takes nothing from another', async () => {
    const { all } = processes(3, 1);
    const [one] = all;
    for (const key of ['a', 'b', 'c']) {
      for (let n = 0; n < 3; n++) expect(await one?.spend(key)).toBeNull();
      expect(await one?.spend(key)).not.toBeNull();
    }
  });

  it('goes on after its store failed once', async () => {
    const { counters, time } = processes(3, 1);
    let isAway = true;
    const shaky = {
      ...counters,
      add: (...args: Parameters<typeof counters.add>) =>
        isAway ? Promise.reject(new Error('away')) : counters.add(...args),
    };
    const one = createAllowance(shaky, { name: 'x', limit: 3, windowSeconds }, () => time.now);
    await expect(one.spend('a')).rejects.toThrow('away');
    isAway = false;
    expect(await one.spend('a')).toBeNull();
  });
});
