import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAccess } from '#decide/access.ts';
import { type LineLimits, noLimits, octetsOfGb, periodAt } from '#domain/limits.ts';
import type { LineFacts } from '#domain/line.ts';
import { instantAt, localDate } from '#domain/local-time.ts';
import { line as lineFacts, policy, zone } from '#test/model/facts.ts';

const now = instantAt('2026-11-21', 12, 0, zone);
const quota = (usedGb: number, throttleTo: string | null, month = '2026-11'): LineLimits => ({
  validUntil: null,
  quota: { octets: octetsOfGb(10), throttleTo, used: new Map([[month, octetsOfGb(usedGb)]]) },
});
const line = (limits: LineLimits, over: Partial<LineFacts> = {}): LineFacts =>
  lineFacts({ lines: [], isReachable: false, limits, ...over });
const decided = (limits: LineLimits, at = now, over: Partial<LineFacts> = {}) => {
  const { desired, reason, lookAgainAt } = decideAccess(line(limits, over), policy, at);
  return { state: desired.state, group: desired.group.split(':')[1], code: reason.code, lookAgainAt };
};
const monthEnds = instantAt('2026-12-01', 0, 0, zone);

describe('validity and quota', () => {
  it('R6: at the quota, not before it, the line is isolated or served at the slower plan, until the month ends', () => {
    expect(decided(quota(9, null))).toMatchObject({ state: 'active', group: 'home' });
    expect(decided(quota(10, null))).toEqual({
      state: 'isolated',
      group: 'isolir',
      code: 'quota_used_up',
      lookAgainAt: monthEnds,
    });
    expect(decided(quota(10, 'slow'))).toEqual({
      state: 'active',
      group: 'slow',
      code: 'quota_throttled',
      lookAgainAt: monthEnds,
    });
    expect(decided(quota(10, null), monthEnds)).toMatchObject({ state: 'active', group: 'home', code: 'nothing_due' });
    expect(decided(quota(10, null, '2026-10'))).toMatchObject({ state: 'active', group: 'home' });
  });

  it('R4, R6: validity isolates from its very moment on, and the line is looked at then', () => {
    const until = (validUntil: number): LineLimits => ({ ...noLimits, validUntil });
    expect(decided(until(now + 1))).toMatchObject({ state: 'active', lookAgainAt: now + 1 });
    expect(decided(until(now))).toMatchObject({ state: 'isolated', code: 'validity_over', lookAgainAt: null });
    const voucher = { billingMode: 'prepaid', activatedBefore: false, present: null } as const;
    expect(decided(until(now + 1), now, voucher)).toMatchObject({ state: 'active' });
    expect(decided(noLimits, now, voucher)).toMatchObject({ state: 'pending' });
  });

  it('B3, R6: limits only ever take service, and never from a line that is held, ended or waiting', () => {
    const limits = fc.record({
      validUntil: fc.option(fc.integer({ min: -100, max: 100 }).map((days) => now + days * 86_400_000)),
      quota: fc.option(
        fc.record({
          octets: fc.constant(octetsOfGb(10)),
          throttleTo: fc.constantFrom(null, 'slow'),
          used: fc.integer({ min: 0, max: 20 }).map((gb) => new Map([['2026-11', octetsOfGb(gb)]])),
        }),
      ),
    });
    const facts = fc.record({
      installed: fc.boolean(),
      terminated: fc.boolean(),
      hold: fc.option(fc.constant({ reason: 'moved' })),
      billingMode: fc.constantFrom('prepaid' as const, 'postpaid' as const),
      activatedBefore: fc.boolean(),
    });
    fc.assert(
      fc.property(limits, facts, (some, over) => {
        const free = decided(noLimits, now, over);
        const bound = decided(some, now, over);
        const isServedWithout = free.state === 'active' || (free.state === 'pending' && over.installed);
        if (!isServedWithout) expect(bound.state).toBe(free.state);
        else if (bound.state === 'active') expect(['home', 'slow']).toContain(bound.group);
        else expect(['isolated', 'pending']).toContain(bound.state);
        // Whoever it isolates is looked at when that ends by itself, or when another limit begins.
        const ends = Math.min(
          monthEnds,
          some.validUntil !== null && some.validUntil > now ? some.validUntil : monthEnds,
        );
        if (bound.code === 'quota_used_up') expect(bound.lookAgainAt).toBe(ends);
      }),
      { numRuns: 300 },
    );
  });

  it('R6: a period is the calendar month of the zone, from its first midnight to the next', () => {
    const zones = fc.constantFrom('Asia/Jakarta', 'UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland');
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 20 * 525_600 }), (where, minutes) => {
        const at = Date.parse('2020-01-01T00:00:00Z') + minutes * 60_000;
        const { month, firstDay, endsAt } = periodAt(at, where);
        expect(localDate(at, where).startsWith(month)).toBe(true);
        expect(instantAt(firstDay, 0, 0, where) <= at && at < endsAt).toBe(true);
        expect(localDate(endsAt, where).slice(8)).toBe('01');
        expect(localDate(endsAt - 1, where).startsWith(month)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
