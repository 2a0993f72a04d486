import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#platform/refusal.ts';
import { createSuspects, noSuspects } from '#platform/suspects.ts';
import { clockedCounters } from '#test/features/clocked-counters.ts';
import { createLoginThrottle, pauseAfter, type Tried } from './login-throttle.ts';

const account = 'admin@alpha.example';
type Outcome = Tried<null>['outcome'];

/** `perMinute` is high where the minute is not what is looked at. */
function scene({ perMinute = 5, processes = 1, watched = false } = {}) {
  const time = { now: 9_000_000 };
  const clock = () => time.now;
  const counters = clockedCounters(clock);
  const doors = Array.from({ length: processes }, () =>
    createLoginThrottle(counters, watched ? createSuspects(counters, clock) : noSuspects, perMinute),
  );
  const checked = { count: 0 };
  let turn = 0;
  /** True: it was checked. A number: refused, come back in so many seconds. */
  async function attempt(address: string, outcome: Outcome = 'wrong', who = account): Promise<true | number> {
    turn += 1;
    try {
      await doors[turn % processes]?.tried(address, who, async () => {
        checked.count += 1;
        return { outcome, value: null };
      });
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'RATE_LIMIT') return Number(error.details?.retry_after);
      throw error;
    }
  }
  return { attempt, time, checked };
}

describe('the throttle of logins', () => {
  it('I5: five wrong tries a minute from one address, then 429 until the minute is over', async () => {
    const { attempt, time } = scene();
    for (let n = 0; n < 5; n++) expect(await attempt('192.0.2.1', 'wrong', `u${n}@x.example`)).toBe(true);
    const wait = await attempt('192.0.2.1', 'right', 'u9@x.example');
    expect(wait).toBeLessThanOrEqual(60);
    expect(await attempt('192.0.2.2', 'wrong', 'u9@x.example')).toBe(true);
    time.now += 60_000;
    expect(await attempt('192.0.2.1', 'right', 'u9@x.example')).toBe(true);
  });

  it('I5: right logins take nothing: a whole office may log in from one address at once', async () => {
    const { attempt } = scene();
    const staff = await Promise.all(
      Array.from({ length: 40 }, (_, n) => attempt('192.0.2.1', 'right', `u${n}@x.example`)),
    );
    expect(staff).toEqual(Array.from({ length: 40 }, () => true));
  });

  it('I5: after five tries at an account from an address the pause is a second, and doubles up to 15 minutes', async () => {
    expect([4, 5, 6, 7, 10, 14, 15, 16, 99].map(pauseAfter)).toEqual([0, 1, 2, 4, 32, 512, 900, 900, 900]);
    const { attempt, time } = scene({ perMinute: 1_000 });
    for (let n = 0; n < 5; n++) expect(await attempt('192.0.2.1')).toBe(true);
    for (const seconds of [1, 2, 4, 8]) {
      expect(await attempt('192.0.2.1')).toBe(seconds);
      time.now += seconds * 1_000 - 1;
      expect(await attempt('192.0.2.1')).toBe(1);
      time.now += 1;
      expect(await attempt('192.0.2.1')).toBe(true);
    }
  });

  it('SEC-10: of 1,000 tries at an account within an hour at most 30 are checked, from however many addresses', async () => {
    const attack = fc.record({
      addresses: fc.integer({ min: 1, max: 200 }),
      processes: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(attack, async ({ addresses, processes }) => {
        const { attempt, time, checked } = scene({ perMinute: 1_000, processes });
        for (let n = 0; n < 1_000; n++) {
          await attempt(`10.0.${n % addresses}.1`);
          time.now += 3_590;
        }
        expect(checked.count).toBeLessThanOrEqual(30);
        expect(checked.count).toBeGreaterThanOrEqual(5);
      }),
      { numRuns: 100 },
    );
  });

  it('SEC-10: a thousand at the same moment are no way round', async () => {
    const { attempt, checked } = scene({ processes: 3 });
    const addresses = 20;
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => attempt(`10.0.${n % addresses}.1`)));
    expect(checked.count).toBeLessThanOrEqual(30);
  });

  it('SEC-10: strangers lock nobody out: who logged in from an address before gets in there, in the midst of it', async () => {
    const { attempt, time } = scene({ perMinute: 1_000 });
    expect(await attempt('203.0.113.5', 'right')).toBe(true);
    time.now += 86_400_000;
    for (let n = 0; n < 500; n++) await attempt(`10.0.${n % 250}.1`);
    expect(await attempt('203.0.113.5', 'right')).toBe(true);
  });

  it('SEC-10: a guesser at one address locks nobody out at any other', async () => {
    const { attempt } = scene();
    for (let n = 0; n < 1_000; n++) await attempt('10.0.0.1');
    expect(await attempt('203.0.113.5', 'right')).toBe(true);
  });

  it('a try whose second factor is still to come wipes out no wrong one', async () => {
    const { attempt } = scene({ perMinute: 1_000 });
    for (let n = 0; n < 5; n++) {
      await attempt('192.0.2.1', 'wrong');
      if (n < 4) expect(await attempt('192.0.2.1', 'unfinished')).toBe(true);
    }
    expect(await attempt('192.0.2.1', 'wrong')).toBe(1);
  });

  it('the right password ends the pauses', async () => {
    const { attempt, time } = scene({ perMinute: 1_000 });
    for (let n = 0; n < 5; n++) await attempt('192.0.2.1');
    time.now += 1_000;
    expect(await attempt('192.0.2.1', 'right')).toBe(true);
    for (let n = 0; n < 5; n++) expect(await attempt('192.0.2.1')).toBe(true);
  });

  it('P51: an address with 50 wrong tries within the hour is blocked, the right password too, and free again later', async () => {
    const { attempt, time } = scene({ perMinute: 1_000, watched: true });
    for (let n = 0; n < 50; n++) expect(await attempt('192.0.2.1', 'wrong', `u${n}@x.example`)).toBe(true);
    expect(await attempt('192.0.2.1', 'right', 'u99@x.example')).toBeGreaterThan(800);
    expect(await attempt('192.0.2.2', 'right', 'u99@x.example')).toBe(true);
    time.now += 3_600_000;
    expect(await attempt('192.0.2.1', 'right', 'u99@x.example')).toBe(true);
  });
});
