import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Between two looks: a tenth of what was waited so far, so that long waits ask little and short ones are not made longer. */
const pauseMs = (waitedMs: number): number => Math.min(300, Math.max(20, waitedMs / 10));

/** Reads again and again until what is read is right, and answers it; after `withinMs` throws with what it was last. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  isRight: (value: T) => boolean,
  withinMs = 60_000,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const value = await read();
    if (isRight(value)) return value;
    const waitedMs = performance.now() - began;
    if (waitedMs > withinMs) {
      throw new Error(`still not so after ${withinMs} ms: ${inspect(value, { depth: 6, maxArrayLength: 40 })}`);
    }
    await sleep(pauseMs(waitedMs));
  }
}
