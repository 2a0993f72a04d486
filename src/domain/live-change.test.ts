import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { courseBetween, highestSpeed, isFasterThan } from './live-change.ts';
import { isolirGroupRows, planGroupRows } from './radius-groups.ts';
import type { Speed } from './rate-limit.ts';

const speed = fc.record({
  downKbps: fc.integer({ min: 1, max: 1_000_000 }),
  upKbps: fc.integer({ min: 1, max: 1_000_000 }),
});
const pool = fc.option(fc.constantFrom('umum', 'bisnis'), { nil: undefined });
const rowsOf = (of: Speed, addressPool?: string) =>
  planGroupRows(of, addressPool === undefined ? {} : { addressPool }).reply;

describe('how a session comes to other rows', () => {
  it('R2: between two plans by CoA if and only if their rate limit alone differs', () => {
    fc.assert(
      fc.property(speed, pool, speed, pool, fc.integer({ min: 1, max: 5 }), (a, poolA, b, poolB, maxSessions) => {
        const to = planGroupRows(b, { maxSessions, ...(poolB === undefined ? {} : { addressPool: poolB }) }).reply;
        const { course } = courseBetween(rowsOf(a, poolA), to);
        const isSameSpeed = a.downKbps === b.downKbps && a.upKbps === b.upKbps;
        expect(course).toBe(poolA !== poolB ? 'drop' : isSameSpeed ? 'same' : 'change');
      }),
      { numRuns: 300 },
    );
  });

  it('the walled garden is entered and left by a new login, whatever the speeds', () => {
    fc.assert(
      fc.property(speed, (of) => {
        expect(courseBetween(rowsOf(of), isolirGroupRows().reply).course).toBe('drop');
        expect(courseBetween(isolirGroupRows().reply, rowsOf(of)).course).toBe('drop');
      }),
      { numRuns: 100 },
    );
  });

  it('the order of rows says nothing, and a rate limit that goes away cannot be told', () => {
    const rows = rowsOf({ downKbps: 10_000, upKbps: 5_000 }, 'umum');
    expect(courseBetween(rows, [...rows].reverse()).course).toBe('same');
    const without = rows.filter(({ attribute }) => attribute !== 'Mikrotik-Rate-Limit');
    expect(courseBetween(rows, without).course).toBe('drop');
    expect(courseBetween(without, rows)).toEqual({ course: 'change', rateLimit: '5M/10M', isSlower: true });
  });

  it.each([
    ['5M/10M', 10_000_000],
    ['512k/512k', 512_000],
    ['5M/10M 8M/20M 4M/8M 10/10 8', 20_000_000],
    ['', 0],
  ])('%j is at most %d bits a second', (rate, bits) => {
    expect(highestSpeed(rate)).toBe(bits);
  });

  it('a quarter more than the limit is a matter of measuring, beyond that it is none', () => {
    expect(isFasterThan('1M/1M', 125_000 * 12, 10_000)).toBe(false);
    expect(isFasterThan('1M/1M', 125_000 * 13, 10_000)).toBe(true);
    expect(isFasterThan('1M/1M', 10 ** 9, 0)).toBe(false);
  });
});
