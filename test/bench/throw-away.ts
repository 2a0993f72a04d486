import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a benchmark opened and must close, last one first; and a folder for its servers. */
export type ThrowAway = {
  readonly folder: string;
  /** Remembers how to end `opened`, and answers it. */
  keep<T>(opened: T, end: (opened: T) => unknown): T;
};

/**
 * Runs a benchmark in a folder of its own (short and open, for servers under accounts of their own) and ends everything
 * that it kept, also when it fails.
 */
export async function withThrowAway(work: (place: ThrowAway) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'jbb-'));
  await chmod(folder, 0o755);
  const ends: (() => unknown)[] = [];
  const place: ThrowAway = {
    folder,
    keep: (opened, end) => {
      ends.push(() => end(opened));
      return opened;
    },
  };
  try {
    await work(place);
  } finally {
    for (const end of ends.reverse()) await end();
    await rm(folder, { recursive: true, force: true });
  }
}
