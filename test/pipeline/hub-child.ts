import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtCommand } from '#test/setup/built-command.ts';
import { eventually } from './eventually.ts';

/** A hub as an operator starts it, in a process of its own, which can be killed and started again. */
export type HubChild = {
  /** Resolves when it can work; throws with its log when it ends before. */
  start(): Promise<void>;
  /** SIGKILL: it gets to do nothing more. */
  kill(): Promise<void>;
  /** SIGTERM: it ends what is under way. Answers how long that took, in ms, and its exit code. */
  stop(): Promise<{ readonly ms: number; readonly code: number | null }>;
  log(): string;
};

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    // Nobody listens there yet.
    return false;
  }
};

/** `environment` must name a port: the senders outside know no other. */
export function createHubChild(url: string, environment: NodeJS.ProcessEnv): HubChild {
  const log: string[] = [];
  let child: ChildProcess | null = null;
  return {
    async start() {
      const env = { ...process.env, JEMBATAN_LOG_LEVEL: 'warn', ...environment };
      const started = spawn(process.execPath, [await builtCommand(), 'start'], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk: string) => log.push(chunk));
      }
      await eventually(
        async () => {
          if (started.exitCode !== null) throw new Error(`the hub ended:\n${log.join('')}`);
          return isReady(url);
        },
        (ready) => ready,
        60_000,
      );
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    async stop() {
      if (!child || child.exitCode !== null) throw new Error('this hub does not run');
      const begun = performance.now();
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = await exit;
      return { ms: performance.now() - begun, code };
    },
    log: () => log.join(''),
  };
}
