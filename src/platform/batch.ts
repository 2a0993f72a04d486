import { Refusal } from '#platform/refusal.ts';

type Waiting<I, O> = { readonly item: I; readonly done: (answer: O) => void; readonly fail: (error: unknown) => void };

/** `waiting`: of one lane. */
export type BatchLimits = { readonly waiting: number; readonly perFlush: number; readonly inFlight: number };

/** Items in lanes that are served in turn, so that a long lane delays no other (SEC-25). */
function createLanes<T>() {
  const lanes = new Map<string, T[]>();
  const takeFrom = (lane: string, most: number): readonly T[] => {
    const items = lanes.get(lane) ?? [];
    const taken = items.splice(0, most);
    // Who was served stands at the end of the row.
    lanes.delete(lane);
    if (items.length > 0) lanes.set(lane, items);
    return taken;
  };
  return {
    lengthOf: (lane: string): number => lanes.get(lane)?.length ?? 0,
    isEmpty: (): boolean => lanes.size === 0,
    push(lane: string, item: T): void {
      const items = lanes.get(lane);
      if (items) items.push(item);
      else lanes.set(lane, [item]);
    },
    /** At most `most` items: an equal share of each lane first, then what is left of the earlier ones. */
    take(most: number): readonly T[] {
      const share = Math.max(1, Math.floor(most / lanes.size));
      const taken: T[] = [];
      for (const lane of [...lanes.keys()]) if (taken.length < most) taken.push(...takeFrom(lane, share));
      for (const lane of [...lanes.keys()]) if (taken.length < most) taken.push(...takeFrom(lane, most - taken.length));
      return taken;
    },
  };
}

/**
 * Collects items while a flush is under way and hands them over together: one commit serves many callers, each of whom
 * is answered after it. A flush that fails because of bad data is repeated item by item, so that one bad item hurts
 * nobody else; any other failure is everybody's. `laneOf` says whose an item is: each has a turn of its own.
 */
export function createBatcher<I, O>(
  flush: (items: readonly I[]) => Promise<readonly O[]>,
  isBadData: (error: unknown) => boolean,
  laneOf: (item: I) => string,
  limits: BatchLimits = { waiting: 10_000, perFlush: 500, inFlight: 2 },
): (item: I) => Promise<O> {
  const queue = createLanes<Waiting<I, O>>();
  let inFlight = 0;

  async function hand(batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await flush(batch.map(({ item }) => item));
      batch.forEach((one, i) => {
        const answer = answers[i];
        if (answer === undefined) one.fail(new Error('The flush answered fewer items than it was given.'));
        else one.done(answer);
      });
    } catch (error) {
      if (batch.length > 1 && isBadData(error)) for (const one of batch) await hand([one]);
      else for (const one of batch) one.fail(error);
    }
  }

  function pump(): void {
    while (!queue.isEmpty() && inFlight < limits.inFlight) {
      inFlight++;
      void hand(queue.take(limits.perFlush)).finally(() => {
        inFlight--;
        pump();
      });
    }
  }

  return (item) =>
    new Promise((done, fail) => {
      const lane = laneOf(item);
      if (queue.lengthOf(lane) >= limits.waiting) {
        return fail(new Refusal('UNAVAILABLE', 'Too many are waiting for their turn: try again in a moment.'));
      }
      queue.push(lane, { item, done, fail });
      queueMicrotask(pump);
    });
}
