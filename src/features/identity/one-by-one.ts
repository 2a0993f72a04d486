import { tooMany } from '#platform/limits.ts';

/** So many may wait for one key; a login takes about a quarter of a second. */
const mayWait = 50;

/** Runs the work of one key piece by piece, of different keys side by side. Too much waiting work is refused. */
export function createQueue(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>();
  return async (key, work) => {
    const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 };
    if (line.length > mayWait) throw tooMany('Too many tries at once from this address.', 1_000);
    line.length += 1;
    lines.set(key, line);
    const mine = line.last.then(work);
    // The next one does not care how this one ended; whoever asked for it is told.
    line.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      line.length -= 1;
      if (line.length === 0) lines.delete(key);
    }
  };
}
