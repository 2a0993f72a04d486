import type { Log } from '#platform/log.ts';

/** Work that goes on until there is none left, then waits for a wake-up or the next poll. */
export type Loop = { wake(): void; stop(): Promise<void> };

/** How long to wait after a failure: the database is away, and asking it a thousand times a second won't bring it back. */
const failureMs = 1_000;

/**
 * Runs `work` again and again while it answers that more may be waiting; else sleeps until `wake()` or `pollMs`. A wake-up
 * that comes while it works is not lost. `stop()` waits for what is under way.
 */
export function startLoop(name: string, work: () => Promise<boolean>, pollMs: number, log: Log): Loop {
  let stopped = false;
  let woken = false;
  let rouse: (() => void) | null = null;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (stopped || woken) return resolve();
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        rouse = null;
        resolve();
      }
      rouse = done;
    });

  async function turn(): Promise<void> {
    woken = false;
    try {
      if (!(await work())) await sleep(pollMs);
    } catch (error) {
      log.error('a loop failed; it goes on', { kind: name, error, next: `again in ${failureMs} ms` });
      woken = false;
      await sleep(failureMs);
    }
  }

  const running = (async () => {
    while (!stopped) await turn();
  })();

  return {
    wake() {
      woken = true;
      rouse?.();
    },
    async stop() {
      stopped = true;
      rouse?.();
      await running;
    },
  };
}
