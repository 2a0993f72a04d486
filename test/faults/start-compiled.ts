import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '#test/setup/bundle.ts';

/** Runs the script beside it by what V8 made of it in an earlier process; the first that ends in good order keeps that. */
const starter = `
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { constants, Script } = require('node:vm');
const filename = join(__dirname, 'program.cjs');
const kept = join(__dirname, 'program.compiled');
const cachedData = existsSync(kept) ? readFileSync(kept) : undefined;
const source = '(function (exports, require, module, __filename, __dirname) {' + readFileSync(filename, 'latin1') + '\\n})';
const script = new Script(source, {
  filename,
  cachedData,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
if (!cachedData || script.cachedDataRejected) {
  process.once('exit', () => {
    writeFileSync(kept + process.pid, script.createCachedData());
    renameSync(kept + process.pid, kept);
  });
}
script.runInThisContext()(exports, require, module, __filename, __dirname);
`;

/**
 * Makes a program and all that it imports ready to be started a thousand times; answers the file to start. From the sources
 * that takes seconds, from one file half a second more than Node itself needs, compiled before a tenth.
 */
export async function bundleToStart(program: URL, folder: string): Promise<string> {
  await bundle(program, join(folder, 'program.cjs'));
  const file = join(folder, 'start.cjs');
  await writeFile(file, starter);
  return file;
}
