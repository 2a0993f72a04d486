/** Pseudo-random numbers that one seed repeats for ever (mulberry32): a failing run is replayed from its seed alone. */
export type Random = {
  /** An integer from 0 up to, but without, `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  /** One of `items`; undefined when there are none. */
  pick<T>(items: readonly T[]): T | undefined;
  shuffle<T>(items: readonly T[]): T[];
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(items.length)],
    shuffle(items) {
      const mixed = [...items];
      for (let i = mixed.length - 1; i > 0; i--) {
        const j = int(i + 1);
        const [a, b] = [mixed[i], mixed[j]];
        if (a !== undefined && b !== undefined) [mixed[i], mixed[j]] = [b, a];
      }
      return mixed;
    },
  };
}

/** The first seed of this run: `JEMBATAN_MODEL_SEED` repeats a failure, otherwise every run tries others. */
export const firstSeed = (): number => Number(process.env.JEMBATAN_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));
