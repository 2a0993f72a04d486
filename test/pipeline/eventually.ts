import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const pollMs = 50;

/** Reads again and again until what is read is right, and answers it; after `withinMs` throws with what it was last. */
export async function eventually<T>(
  read: () => T | Promise<T>,
  isRight: (value: T) => boolean,
  withinMs = 60_000,
): Promise<T> {
  const limit = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (isRight(value)) return value;
    if (performance.now() > limit) {
      throw new Error(`still not so after ${withinMs} ms: ${inspect(value, { depth: 6, maxArrayLength: 40 })}`);
    }
    await sleep(pollMs);
  }
}
