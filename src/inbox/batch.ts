/** A caller waits too long for its turn: the door answers 503 and the sender tries again. */
class Overloaded extends Error {}

type Waiting<I, O> = { readonly item: I; readonly done: (answer: O) => void; readonly fail: (error: unknown) => void };

export type BatchLimits = { readonly waiting: number; readonly perFlush: number; readonly inFlight: number };

/**
 * Collects items while a flush is under way and hands them over together: one commit serves many callers, each of whom
 * is answered after it. A flush that fails because of bad data is repeated item by item, so that one bad item hurts
 * nobody else; any other failure is everybody's.
 */
export function createBatcher<I, O>(
  flush: (items: readonly I[]) => Promise<readonly O[]>,
  isBadData: (error: unknown) => boolean,
  limits: BatchLimits = { waiting: 10_000, perFlush: 500, inFlight: 2 },
): (item: I) => Promise<O> {
  const queue: Waiting<I, O>[] = [];
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
    while (queue.length > 0 && inFlight < limits.inFlight) {
      inFlight++;
      void hand(queue.splice(0, limits.perFlush)).finally(() => {
        inFlight--;
        pump();
      });
    }
  }

  return (item) =>
    new Promise((done, fail) => {
      if (queue.length >= limits.waiting) return fail(new Overloaded('Too many deliveries are waiting to be stored.'));
      queue.push({ item, done, fail });
      queueMicrotask(pump);
    });
}
