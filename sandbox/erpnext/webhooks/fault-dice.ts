/** What goes wrong between the save and the first try. Probabilities from 0 to 1. */
export type DeliveryFaults = {
  readonly drop?: number;
  readonly duplicate?: number;
  readonly reorder?: boolean;
  /** Same seed, same faults. */
  readonly seed?: number;
};

export type FaultDice = {
  /** How many times this delivery is queued: 0, 1 or 2. */
  copies(): number;
  /** By how many milliseconds it is held back, at most `spreadMs`. */
  delay(spreadMs: number): number;
};

export function faultDice(faults: DeliveryFaults): FaultDice {
  const next = uniform(faults.seed ?? 1);
  return {
    copies: () => (next() < (faults.drop ?? 0) ? 0 : next() < (faults.duplicate ?? 0) ? 2 : 1),
    delay: (spreadMs) => (faults.reorder ? next() * spreadMs : 0),
  };
}

/** Numbers in [0, 1) from a 32-bit linear congruential generator with Knuth's constants, its high bits only. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
