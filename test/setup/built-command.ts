import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'jbc-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'jembatan.mjs');
  await bundle(new URL('../../src/main/cli.ts', import.meta.url), file);
  return file;
}

let built: Promise<string> | undefined;

/**
 * The command `jembatan` as one file, made once in each process of the tests: it starts in half a second, from the sources
 * in five. That it starts from a clone is shown by the demo.
 */
export function builtCommand(): Promise<string> {
  built ??= build();
  return built;
}
