import { setTimeout as sleep } from 'node:timers/promises';

const limitMs = 20_000;
const pauseMs = 20;

/** Asks until the answer is there; after twenty seconds it gives up, naming what it waited for. */
export async function waitUntil<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const limit = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > limit) throw new Error(`${what}: this did not happen within ${limitMs / 1_000} s.`);
    await sleep(pauseMs);
  }
}
