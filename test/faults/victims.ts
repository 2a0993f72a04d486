import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleToStart } from './start-compiled.ts';

/** A process that is there to be killed. It says `ready` when it could work, and works after `go`. */
export type Victim = {
  readonly child: ChildProcess;
  /** Lets it work; resolves when it does. Throws when it has ended. */
  go(): Promise<void>;
  /** Resolves when it says that it is struck. Throws when it has ended. */
  struck(): Promise<void>;
  /** Resolves when it has ended, by whatever hand. */
  ended(): Promise<void>;
  /** SIGKILL: it gets to do nothing more. */
  kill(): Promise<void>;
};

/** Starts the same program again and again; always one more is made ready, so that a kill costs no waiting. */
export type Victims<Place> = {
  next(place: Place): Promise<Victim>;
  /** Ends all that live. */
  close(): Promise<void>;
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Every message is looked at: several may come at once. */
function told(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (said: unknown): void => {
      if (said === word) end(null);
    };
    const gone = (): void => end(new Error(`a process of the test ended before it was ${word}`));
    const end = (error: Error | null): void => {
      child.off('message', hear).off('exit', gone);
      if (error) reject(error);
      else resolve();
    };
    child.on('message', hear).once('exit', gone);
  });
}

/** `program` is a module that calls `playVictim`. */
export async function openVictims<Place extends object>(program: URL): Promise<Victims<Place>> {
  const folder = await mkdtemp(join(tmpdir(), 'jbv-'));
  const file = await bundleToStart(program, folder);
  const living = new Set<ChildProcess>();

  async function start(): Promise<ChildProcess> {
    const child = fork(file, { execArgv: [], serialization: 'advanced' });
    living.add(child);
    child.once('exit', () => living.delete(child));
    await told(child, 'loaded');
    return child;
  }
  const startNext = (): Promise<ChildProcess> => {
    const starting = start();
    // Whoever takes it sees it fail.
    starting.catch(() => undefined);
    return starting;
  };

  const victimOf = (child: ChildProcess): Victim => {
    const ended = async (): Promise<void> => {
      if (!hasEnded(child)) await once(child, 'exit');
    };
    return {
      child,
      struck: () => told(child, 'struck'),
      ended,
      go: async () => {
        const works = told(child, 'working');
        child.send('go');
        await works;
      },
      kill: async () => {
        child.kill('SIGKILL');
        await ended();
      },
    };
  };

  async function prepare(child: ChildProcess, place: Place): Promise<void> {
    const ready = told(child, 'ready');
    child.send({ place });
    await ready;
  }

  /** The first ends in good order, so that those after it find compiled what it needed. */
  async function compile(place: Place): Promise<void> {
    const child = await start();
    await prepare(child, place);
    child.disconnect();
    if (!hasEnded(child)) await once(child, 'exit');
    standby = startNext();
  }
  let compiled: Promise<void> | null = null;
  let standby: Promise<ChildProcess> | null = null;

  return {
    async next(place) {
      compiled ??= compile(place);
      await compiled;
      const mine = standby ?? startNext();
      standby = startNext();
      const child = await mine;
      await prepare(child, place);
      return victimOf(child);
    },
    async close() {
      await Promise.allSettled([compiled, standby]);
      const left = [...living];
      for (const child of left) child.kill('SIGKILL');
      await Promise.all(left.map((child) => hasEnded(child) || once(child, 'exit')));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
