import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const lastLines = 20;

/** What was opened, and how each of it is closed again. */
export type Stage = {
  /** A folder of the demo's own, which other accounts may enter: servers started by root run under theirs. */
  readonly folder: string;
  /** Remembers how to end something; the last one is ended first. */
  onEnd(end: () => unknown): void;
  /** Remembers where somebody whose story failed may read more. */
  onFailure(log: () => string): void;
  /** What is to be read there: the last lines of each. */
  evidence(): string;
  /** Ends everything so far. Some of it may fail to end; the rest ends all the same. */
  clear(): Promise<void>;
  /** Clears, and removes the folder. */
  close(): Promise<void>;
};

export async function openStage(): Promise<Stage> {
  // Short: PostgreSQL's socket lies in it, whose path may have 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'jbd-'));
  await chmod(folder, 0o755);
  const ends: (() => unknown)[] = [];
  const logs: (() => string)[] = [];
  async function clear(): Promise<void> {
    const failures: string[] = [];
    for (let end = ends.pop(); end; end = ends.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(String(error));
      }
    }
    if (failures.length > 0) throw new Error(`Not everything could be ended: ${failures.join('; ')}`);
  }
  return {
    folder,
    onEnd: (end) => ends.push(end),
    onFailure: (log) => logs.push(log),
    evidence: () =>
      logs
        .map((log) => log().trimEnd().split('\n').slice(-lastLines).join('\n'))
        .join('\n')
        .trim(),
    clear,
    async close() {
      try {
        await clear();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
