/** Does what is asked for one key one after the other; other keys do not wait. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * InvenTree does not serialise two requests on one unit, so the hub does. Across processes the open row of
 * `asset_operations` is the lock; this is the one inside a process.
 */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();

  return async (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
