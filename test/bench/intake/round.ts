import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** One round of load: so many deliveries over so many kept connections, each sending the next when it was answered. */
export type Round = {
  readonly port: number;
  readonly path: string;
  readonly secret: string;
  readonly series: string;
  readonly requests: number;
  readonly connections: number;
};

export type RoundResult = {
  readonly elapsedMs: number;
  readonly latenciesMs: readonly number[];
  readonly statuses: Readonly<Record<number, number>>;
};

type Told = { readonly result: RoundResult } | { readonly error: string };

export type Load = { play(round: Round): Promise<RoundResult>; stop(): Promise<void> };

async function playIn(child: ChildProcess, round: Round): Promise<RoundResult> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(() => ({ error: 'its process ended' }));
  const answer = once(child, 'message', { signal }).then(([told]: Told[]) => told);
  child.send(round);
  const told = await Promise.race([answer, ended]);
  over.abort();
  await Promise.allSettled([answer, ended]);
  if (told === undefined || 'error' in told) throw new Error(`the load generator failed: ${told?.error}`);
  return told.result;
}

/** A load generator in a process of its own, so that it takes no time from the server's. */
export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), { serialization: 'advanced' });
  return {
    play: (round) => playIn(child, round),
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
