import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

type Told<Result> = { readonly result: Result } | { readonly error: string };

/** A load generator in a process of its own, so that it takes no time from what is measured. */
export type Load<Round, Result> = { play(round: Round): Promise<Result>; stop(): Promise<void> };

async function playIn<Round extends object, Result>(child: ChildProcess, round: Round): Promise<Result> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(() => ({ error: 'its process ended' }));
  const answer = once(child, 'message', { signal }).then(([told]: Told<Result>[]) => told);
  child.send(round);
  const told = await Promise.race([answer, ended]);
  over.abort();
  await Promise.allSettled([answer, ended]);
  if (told === undefined || 'error' in told) throw new Error(`the load generator failed: ${told?.error}`);
  return told.result;
}

/** Starts the module `program`, which plays rounds by `answerParent`. */
export function startLoad<Round extends object, Result>(program: URL): Load<Round, Result> {
  const child = fork(fileURLToPath(program), { serialization: 'advanced' });
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

/** The child's half: plays each round that the parent sends, and ends with it. */
export function answerParent<Round, Result>(play: (round: Round) => Promise<Result>): void {
  process.on('message', (round: Round) => {
    play(round).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
