import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root, run, Unready } from './bootstrap.mjs';

const stampName = 'build.json';

/** What a build depends on: the pages' sources, and the versions of what they are built with. */
function digestOfSources() {
  const digest = createHash('sha256');
  const take = (path) =>
    digest
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  const web = readdirSync(join(root, 'web'), { recursive: true, withFileTypes: true });
  const paths = web
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));
  for (const path of [...paths.sort(), 'package-lock.json', 'tools/web.mjs']) take(path);
  return digest.digest('hex');
}

function stampOf(folder) {
  const file = join(folder, stampName);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).sources : null;
}

/** Beside each file that shrinks, what a browser is given that takes it compressed: made once, not at each request. */
function compress(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(({ name }) => /\.(html|js|css|wasm|webmanifest)$/.test(name))) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const content = readFileSync(path);
    // The highest quality takes seconds for the scanner's wasm and saves a tenth of it.
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}

/**
 * Builds the browser's pages (web/) into a folder, where they are missing there or made of other sources. Two who build at
 * once do not meet: each works in a folder of its own, and puts it in place whole.
 */
export async function ensureWeb(target = join(root, 'dist', 'web')) {
  const sources = digestOfSources();
  if (stampOf(target) === sources) return;
  const scratch = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  process.stderr.write('Building the pages …\n');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', join('web', 'vite.config.ts'), '--outDir', scratch, '--emptyOutDir'];
  // A test's own environment would make React's slow build for developers.
  const env = { ...process.env, NODE_ENV: 'production' };
  if ((await run(process.execPath, [...args, '--logLevel', 'error'], { env })) !== 0) {
    rmSync(scratch, { recursive: true, force: true });
    throw new Unready('The pages in web/ could not be built; see above.');
  }
  compress(scratch);
  writeFileSync(join(scratch, stampName), `${JSON.stringify({ sources })}\n`);
  if (stampOf(target) !== sources) {
    rmSync(target, { recursive: true, force: true });
    renameSync(scratch, target);
  }
  rmSync(scratch, { recursive: true, force: true });
}
