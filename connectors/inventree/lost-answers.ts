export type Timing = {
  /** After a lost answer, before it is looked again: what was asked for may still be under way. */
  readonly settleMs: number;
  /** So long after a lost answer nothing is asked for again, only looked at. Longer than a server lets a request wait. */
  readonly quietMs: number;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** Operations whose answer was lost: they may still be under way, so they are not asked for again at once. */
export type LostAnswers = {
  /** Notes it, and waits a moment for what may be under way. */
  note(operationId: string): Promise<void>;
  isQuiet(operationId: string): boolean;
  /** It was found done. */
  found(operationId: string): void;
};

export function createLostAnswers({ settleMs, quietMs, now, sleep }: Timing): LostAnswers {
  const until = new Map<string, number>();

  return {
    async note(operationId) {
      for (const [id, end] of until) if (end <= now()) until.delete(id);
      until.set(operationId, now() + quietMs);
      await sleep(settleMs);
    },
    isQuiet: (operationId) => now() < (until.get(operationId) ?? Number.NEGATIVE_INFINITY),
    found: (operationId) => void until.delete(operationId),
  };
}
