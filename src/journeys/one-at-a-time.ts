/**
 * Runs what is given for one key after the other, in the order of asking, and different keys beside each other. Who waits
 * here holds no connection: a hundred registrations of one tenant, which its counter would queue up in the database
 * anyway, leave the pool to the others.
 */
export function createOneAtATime() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key) ?? Promise.resolve();
    // Whether the one before failed is its own caller's business.
    const mine = before.then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
