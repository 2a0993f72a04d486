import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate } from './local-time.ts';
import { byDay, type CountedUntil, type Figure, growthOf } from './usage.ts';

const minute = 60_000;
const start = Date.parse('2026-11-21T16:40:00Z');

/** A session that lives from `startedAt` on: what was sent until each of its updates, and in which order they were seen. */
type Run = { readonly startedAt: number; readonly updates: readonly { readonly at: number; readonly total: bigint }[] };

const runFrom = (startedAt: number) =>
  fc
    .array(fc.record({ minutes: fc.integer({ min: 1, max: 600 }), octets: fc.bigInt(0n, 10_000_000_000n) }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((steps): Run => {
      let at = startedAt;
      let total = 0n;
      const updates = steps.map(({ minutes, octets }) => {
        at += minutes * minute;
        total += octets;
        return { at, total };
      });
      return { startedAt, updates };
    });

const figureOf = (run: Run, n: number): Figure => {
  const { at, total } = run.updates[n] ?? { at: run.startedAt, total: 0n };
  return { startedAt: run.startedAt, countsFrom: run.startedAt, toldAt: at, input: total, output: total / 3n };
};

type Sum = { input: bigint; output: bigint; before: CountedUntil | null };
const count = (sum: Sum, figure: Figure): Sum => {
  const growth = growthOf(sum.before, figure);
  return growth === null
    ? sum
    : { input: sum.input + growth.input, output: sum.output + growth.output, before: growth.counted };
};
const nothing: Sum = { input: 0n, output: 0n, before: null };

describe('traffic counted from accounting', () => {
  it('P37, R6: whichever figures are seen, and however often, the sum is the newest figure', () => {
    const seen = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(runFrom(start), seen, (run, looks) => {
        const last = run.updates.length - 1;
        const inOrder = looks.map((n) => Math.min(n, last)).sort((a, b) => a - b);
        const sum = inOrder.map((n) => figureOf(run, n)).reduce(count, nothing);
        const newest = figureOf(run, inOrder.at(-1) ?? 0);
        expect([sum.input, sum.output]).toEqual([newest.input, newest.output]);
      }),
      { numRuns: 300 },
    );
  });

  it('R6: figures that come late and out of order are never counted twice', () => {
    const seen = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 30 });
    const property = (counting: (sum: Sum, figure: Figure) => Sum) =>
      fc.property(runFrom(start), seen, (run, looks) => {
        const numbers = looks.map((n) => Math.min(n, run.updates.length - 1));
        const sum = numbers.map((n) => figureOf(run, n)).reduce(counting, nothing);
        const largest = figureOf(run, Math.max(...numbers));
        return sum.input === largest.input && sum.output === largest.output;
      });
    fc.assert(property(count), { numRuns: 300 });
    // The usual way takes whatever goes down for a restart: it counts a late packet's session once more.
    const naive = (sum: Sum, figure: Figure): Sum => {
      const base = sum.before && figure.input >= sum.before.input ? sum.before : { input: 0n, output: 0n };
      const { input, output, toldAt } = figure;
      return {
        input: sum.input + input - base.input,
        output: sum.output + output - base.output,
        before: { input, output, toldAt },
      };
    };
    expect(fc.check(property(naive), { numRuns: 300 }).failed).toBe(true);
  });

  it('R6: counters that begin anew under the same row are counted from zero, and never too much', () => {
    fc.assert(
      fc.property(
        runFrom(start),
        fc.integer({ min: 1, max: 600 }),
        fc.infiniteStream(fc.nat()),
        (first, pause, more) => {
          const end = first.updates.at(-1)?.at ?? start;
          const restart = end + pause * minute;
          const [second] = fc.sample(runFrom(restart), { numRuns: 1, seed: Number(more.next().value ?? 0) });
          if (!second) return;
          const truth =
            figureOf(first, first.updates.length - 1).input + figureOf(second, second.updates.length - 1).input;
          // A router that keeps the id and tells no Start: the row's beginning stays, its own count of seconds starts over.
          const figures = [
            ...first.updates.map((_, n) => figureOf(first, n)),
            ...second.updates.map((_, n) => ({ ...figureOf(second, n), startedAt: first.startedAt })),
          ];
          const sum = figures.reduce(count, nothing);
          expect(sum.input <= truth).toBe(true);
          const isSeen = figureOf(second, 0).input < figureOf(first, first.updates.length - 1).input;
          if (isSeen) expect(sum.input).toBe(truth);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('R6: a figure that no line could send is nonsense and counts nothing', () => {
    const sane = figureOf({ startedAt: start, updates: [{ at: start + minute, total: 1_000n }] }, 0);
    const known = growthOf(null, sane)?.counted ?? null;
    expect(growthOf(known, { ...sane, toldAt: start + 2 * minute, input: 1n << 62n })).toBeNull();
    expect(growthOf(known, { ...sane, toldAt: start + 2 * minute, input: 2_000n })?.input).toBe(1_000n);
  });

  it('P37, R6: the days of a session that spans midnight hold exactly the whole, each by its share of the time', () => {
    const zones = fc.constantFrom('Asia/Jakarta', 'Asia/Jayapura', 'UTC', 'Europe/Berlin', 'America/New_York');
    const span = fc.integer({ min: 0, max: 40 * 24 * 60 });
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 525_600 }),
        span,
        fc.bigInt(0n, 1n << 50n),
        (zone, at, length, octets) => {
          const from = Date.parse('2026-01-01T00:00:00Z') + at * minute;
          const to = from + length * minute;
          const days = byDay({ input: octets, output: octets / 7n, from, to }, zone);
          const sum = (pick: 'input' | 'output') => [...days.values()].reduce((total, day) => total + day[pick], 0n);
          expect([sum('input'), sum('output')]).toEqual([octets, octets / 7n]);
          expect([...days.values()].every((day) => day.input >= 0n && day.output >= 0n)).toBe(true);
          expect([...days.keys()].at(0)).toBe(localDate(from, zone));
          expect([...days.keys()].at(-1)).toBe(localDate(to, zone));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('R6: an hour around midnight is halved between the days', () => {
    const from = Date.parse('2026-11-20T16:30:00Z');
    const days = byDay({ input: 1_001n, output: 0n, from, to: from + 60 * minute }, 'Asia/Jakarta');
    expect([...days].map(([day, { input }]) => [day, input])).toEqual([
      ['2026-11-20', 500n],
      ['2026-11-21', 501n],
    ]);
  });
});
