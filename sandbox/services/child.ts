import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, underAccount } from './account.ts';

/** A running server of ours. */
export type Child = {
  readonly pid: number;
  /** Asks it to end and waits for that; after ten seconds it is killed. Calling it twice is harmless. */
  stop(): Promise<void>;
  /** SIGSTOP and SIGCONT pause the whole server; others go to its first process. Answers whether that was there. */
  kill(signal: NodeJS.Signals): boolean;
  /** What it wrote so far. */
  log(): string;
};

type ChildOptions = {
  readonly command: readonly string[];
  readonly logFile: string;
  readonly account: Account | null;
  /** The signal by which this server ends in good order without waiting for its clients. */
  readonly stopSignal?: 'INT' | 'TERM';
  readonly env?: Readonly<Record<string, string>>;
  /** Throws as long as the server does not answer. */
  readonly ready: () => Promise<void>;
};

const startLimitMs = 30_000;
const stopLimitMs = 10_000;

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** The processes that `pid` started; PostgreSQL serves each connection by one. */
function offspring(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    // It has ended: nothing is left to signal.
    return [];
  }
}

function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // A connection that ended meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** Pausing and going on mean the whole server; every other signal is for its first process to deal with. */
function signalChild(child: ChildProcess, signal: NodeJS.Signals): boolean {
  const { pid } = child;
  if (pid === undefined || hasEnded(child)) return false;
  const known = child.kill(signal);
  if (signal === 'SIGSTOP' || signal === 'SIGCONT') signalEach(offspring(pid), signal);
  return known;
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  // A paused server (fault tests) would never see the signal.
  signalChild(child, 'SIGCONT');
  const late = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await exit;
  clearTimeout(late);
}

async function waitUntilReady(child: ChildProcess, ready: () => Promise<void>, log: () => string): Promise<void> {
  const limit = Date.now() + startLimitMs;
  for (;;) {
    if (hasEnded(child)) throw new Error(`${child.spawnargs.join(' ')} ended at its start:\n${log()}`);
    try {
      return await ready();
    } catch (error) {
      if (Date.now() > limit) throw new Error(`no answer after ${startLimitMs} ms:\n${log()}`, { cause: error });
      await sleep(20);
    }
  }
}

/** Starts a server and answers when it is ready; throws with its log when it ends or stays silent. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { account, logFile, stopSignal = 'TERM' } = options;
  const [file = '', ...args] = underAccount(account, stopSignal, options.command);
  const output = openSync(logFile, 'a', 0o600);
  const child = spawn(file, args, {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...options.env },
    cwd: '/',
  });
  closeSync(output);
  const log = (): string => readFileSync(logFile, 'utf8');
  await once(child, 'spawn');
  try {
    await waitUntilReady(child, options.ready, log);
  } catch (error) {
    await stopChild(child, 'SIGKILL');
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    stop: () => stopChild(child, `SIG${stopSignal}`),
    kill: (signal) => signalChild(child, signal),
    log,
  };
}
