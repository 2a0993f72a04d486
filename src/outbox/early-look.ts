/** An answer that was asked for before it was needed, for the few milliseconds in which it is as good as a new one. */
type Entry<T> = { readonly begun: Promise<T>; readonly since: number };

type EarlyLooks<K extends object, T> = {
  begin(key: K, look: () => Promise<T>): void;
  /** Once; null: nothing was begun for it, it is too old, or it failed. */
  take(key: K): Promise<T | null>;
};

/**
 * What is looked up for an intent while the commit that gives it out is under way. It is found by the intent itself, which
 * never leaves the process: whoever claims an intent from the outbox has another object, and looks for itself. `freshMs`: how
 * old an answer may be; after a pause of the process it is asked for anew.
 */
export function createEarlyLooks<K extends object, T>(
  freshMs: number,
  now: () => number = () => performance.now(),
): EarlyLooks<K, T> {
  const entries = new WeakMap<K, Entry<T | null>>();
  const isFresh = ({ since }: Entry<T | null>): boolean => now() - since < freshMs;
  return {
    begin(key, look) {
      // A failure is told by the look that is made in its place.
      entries.set(key, { since: now(), begun: look().catch(() => null) });
    },
    async take(key) {
      const entry = entries.get(key);
      if (!entry) return null;
      entries.delete(key);
      if (!isFresh(entry)) return null;
      const answer = await entry.begun;
      return isFresh(entry) ? answer : null;
    },
  };
}
