/** What is read before a move, begun before the order for it has come. */
export type EarlyLooks<T> = {
  /** Does nothing where many are under way: what counts then is how many moves, not how soon one. */
  begin(operationId: string, look: () => Promise<T>): void;
  /** The look that was begun for this operation, once; null: there is none that is fresh. */
  take(operationId: string): Promise<T | null>;
};

type Entry<T> = { readonly since: number; readonly looked: Promise<T | null> };

const most = 4;
/** Longer ago, and a person may well have moved the unit since: it is looked at anew. */
const freshMs = 2_000;

/** `now`: milliseconds of a steady clock. */
export function createEarlyLooks<T>(now: () => number): EarlyLooks<T> {
  const entries = new Map<string, Entry<T>>();
  const isFresh = ({ since }: Entry<T>): boolean => now() - since < freshMs;

  return {
    begin(operationId, look) {
      for (const [id, entry] of entries) if (!isFresh(entry)) entries.delete(id);
      if (entries.size < most) entries.set(operationId, { since: now(), looked: look() });
    },
    async take(operationId) {
      const entry = entries.get(operationId);
      entries.delete(operationId);
      return entry && isFresh(entry) ? entry.looked : null;
    },
  };
}
