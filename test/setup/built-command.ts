import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

let built: Promise<string> | null = null;

/**
 * The command `jembatan` as one file, made once in each process of the tests: it starts in half a second, from the sources
 * in five. That the command starts from a clone is shown by the demo and by `start.db.test.ts`.
 */
export function builtCommand(): Promise<string> {
  if (built) return built;
  const folder = mkdtempSync(join(tmpdir(), 'jbc-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'jembatan.mjs');
  built = bundle(new URL('../../src/main/cli.ts', import.meta.url), file).then(() => file);
  return built;
}
