import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockedCounters } from '#test/features/clocked-counters.ts';
import { createSuspects, suspicion } from './suspects.ts';

const minute = 60_000;

function scene() {
  const time = { now: 5_000_000 };
  const counters = clockedCounters(() => time.now);
  return { time, counters, suspects: createSuspects(counters, () => time.now) };
}
async function fail(suspects: ReturnType<typeof createSuspects>, address: string, times: number, weight: number) {
  for (let n = 0; n < times; n++) await suspects.failed(address, weight);
}

describe('addresses that keep failing', () => {
  it('P51: 50 wrong logins or 500 bad credentials within an hour block an address for 15 minutes, fewer do not', async () => {
    const pattern = fc.record({ logins: fc.nat(80), tokens: fc.nat(700), address: fc.ipV4(), other: fc.ipV4() });
    await fc.assert(
      fc.asyncProperty(pattern, async ({ logins, tokens, address, other }) => {
        fc.pre(address !== other);
        const { suspects, time } = scene();
        await fail(suspects, address, logins, suspicion.wrongLogin);
        const isBlocked = logins >= 50 || logins * 10 + tokens >= 500;
        await fail(suspects, address, tokens, suspicion.badCredential);
        expect((await suspects.blockedMs(address)) !== null).toBe(isBlocked);
        expect(await suspects.blockedMs(other)).toBeNull();
        time.now += 15 * minute;
        expect(await suspects.blockedMs(address)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it('P51: every process sees a block within seconds', async () => {
    const { suspects, counters, time } = scene();
    const elsewhere = createSuspects(counters, () => time.now);
    expect(await elsewhere.blockedMs('198.51.100.1')).toBeNull();
    await fail(suspects, '198.51.100.1', 50, suspicion.wrongLogin);
    time.now += 2_001;
    expect(await elsewhere.blockedMs('198.51.100.1')).toBeGreaterThan(14 * minute);
  });

  it('failures that are an hour apart do not add up', async () => {
    const { suspects, time } = scene();
    await fail(suspects, '198.51.100.1', 49, suspicion.wrongLogin);
    time.now += 61 * minute;
    await fail(suspects, '198.51.100.1', 49, suspicion.wrongLogin);
    expect(await suspects.blockedMs('198.51.100.1')).toBeNull();
  });

  it('a blocked address costs no call of the store', async () => {
    const { suspects, counters } = scene();
    await fail(suspects, '198.51.100.1', 50, suspicion.wrongLogin);
    const before = counters.calls();
    for (let n = 0; n < 1_000; n++) expect(await suspects.blockedMs('198.51.100.1')).not.toBeNull();
    expect(counters.calls()).toBe(before);
  });
});
