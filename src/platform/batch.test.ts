import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatcher } from '#platform/batch.ts';

type Item = { readonly lane: string; readonly n: number };
const laneOf = ({ lane }: Item): string => lane;
const limits = { waiting: 1_000, perFlush: 10, inFlight: 1 };
const never = (): boolean => false;
const items = (lane: string, count: number): readonly Item[] => Array.from({ length: count }, (_, n) => ({ lane, n }));

describe('the batcher', () => {
  it('SEC-25: a lane of hundreds delays another lane’s single item by no more than the flush under way', async () => {
    const flushes: (readonly Item[])[] = [];
    const add = createBatcher<Item, number>(
      async (batch) => {
        flushes.push(batch);
        return batch.map(({ n }) => n);
      },
      never,
      laneOf,
      limits,
    );
    const noisy = items('noisy', 500).map(add);
    const quiet = ['a', 'b', 'c'].map((lane) => add({ lane, n: 1 }));
    await Promise.all([...noisy, ...quiet]);
    const turns = flushes.map((batch) => new Set(batch.map(laneOf)));
    expect(turns.findLastIndex((lanes) => lanes.size > 1)).toBeLessThanOrEqual(1);
    expect(flushes.every((batch) => batch.length <= limits.perFlush)).toBe(true);
  });

  it('SEC-25: a full lane refuses its own items only', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((open) => {
      release = open;
    });
    const add = createBatcher<Item, number>(
      async (batch) => {
        await gate;
        return batch.map(({ n }) => n);
      },
      never,
      laneOf,
      { waiting: 5, perFlush: 1, inFlight: 1 },
    );
    const first = add({ lane: 'noisy', n: 0 });
    await Promise.resolve();
    const noisy = items('noisy', 8).map((item) => add(item).catch((error: Error) => error.message));
    const quiet = add({ lane: 'quiet', n: 7 });
    release();
    expect(await first).toBe(0);
    expect(await quiet).toBe(7);
    expect((await Promise.all(noisy)).filter((answer) => typeof answer === 'string')).toHaveLength(3);
  });

  it('whatever comes in whatever order, each item is flushed once, in the order of its lane, and gets its own answer', async () => {
    const lane = fc.constantFrom('a', 'b', 'c', 'd');
    await fc.assert(
      fc.asyncProperty(fc.array(lane, { maxLength: 80 }), fc.integer({ min: 1, max: 7 }), async (lanes, perFlush) => {
        const flushed: Item[] = [];
        const add = createBatcher<Item, Item>(
          async (batch) => {
            expect(batch.length).toBeLessThanOrEqual(perFlush);
            flushed.push(...batch);
            return batch;
          },
          never,
          laneOf,
          { ...limits, perFlush },
        );
        const all = lanes.map((one, n) => ({ lane: one, n }));
        expect(await Promise.all(all.map(add))).toEqual(all);
        for (const one of new Set(lanes)) {
          expect(flushed.filter(({ lane: l }) => l === one)).toEqual(all.filter(({ lane: l }) => l === one));
        }
        expect(flushed).toHaveLength(all.length);
      }),
      { numRuns: 200 },
    );
  });
});
