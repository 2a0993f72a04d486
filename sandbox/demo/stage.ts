import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What was opened, and how each of it is closed again. */
export type Stage = {
  /** A folder of the demo's own, which other accounts may enter: servers started by root run under theirs. */
  readonly folder: string;
  /** Remembers how to end something; the last one is ended first. */
  onEnd(end: () => unknown): void;
  clear(): Promise<void>;
};

/** Ends everything although some of it fails to; the failures are told together. */
export async function openStage(): Promise<Stage> {
  // Short: PostgreSQL's socket lies in it, whose path may have 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'jbd-'));
  await chmod(folder, 0o755);
  const ends: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  return {
    folder,
    onEnd: (end) => ends.push(end),
    async clear() {
      const failures: unknown[] = [];
      for (let end = ends.pop(); end; end = ends.pop()) {
        try {
          await end();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be ended');
    },
  };
}
