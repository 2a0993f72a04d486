import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** `file` imports `target`, as written in the line (`#zone/x.ts`, `../x.ts`, or a package). */
export type Plant = { readonly file: string; readonly target: string; readonly typeOnly?: boolean };

export type Violation = { readonly rule: string; readonly from: string; readonly to: string };
export type Cruise = { readonly violations: readonly Violation[]; readonly modules: number };

const zones = ['src', 'connectors', 'sandbox', 'web', 'test', 'tools'];

/** Runs the walls of this project over a tree of the same layout. */
export async function cruise(folder: string): Promise<Cruise> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.mjs');
  const present = zones.filter((zone) => existsSync(join(folder, zone)));
  const args = [program, '--config', config, '--output-type', 'json', ...present];
  const options = { cwd: folder, maxBuffer: 256 * 1024 * 1024 };
  // It exits with the number of violations; the answer stands on stdout all the same.
  const { stdout } = await run(process.execPath, args, options).catch((error: { stdout: string }) => error);
  const { summary, modules } = JSON.parse(stdout);
  const violations = summary.violations.map((found: { rule: { name: string }; from: string; to: string }) => ({
    rule: found.rule.name,
    from: found.from,
    to: found.to,
  }));
  return { violations, modules: modules.length };
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function putTarget(
  folder: string,
  { file, target }: Plant,
  imports: Readonly<Record<string, string>>,
): Promise<void> {
  if (target.startsWith('.')) return put(join(folder, dirname(file), target), 'export const it = 1;\n');
  if (!target.startsWith('#')) {
    const home = join(folder, 'node_modules', target);
    await put(join(home, 'package.json'), JSON.stringify({ name: target, version: '1.0.0', main: 'index.js' }));
    await put(join(home, 'index.js'), 'module.exports = { it: 1 };\n');
    return;
  }
  const zone = target.slice(0, target.indexOf('/'));
  const path = join(folder, (imports[`${zone}/*`] ?? '').replace('*', target.slice(zone.length + 1)));
  if (!existsSync(path)) await put(path, 'export const it = 1;\n');
}

/** Makes a throw-away tree in which each plant is a file of its own, cruises it, and takes it away. */
export async function cruisePlants(plants: readonly Plant[]): Promise<Cruise> {
  const folder = await mkdtemp(join(tmpdir(), 'jembatan-walls-'));
  try {
    const { imports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const dependencies = Object.fromEntries(plants.map(({ target }) => [target, '1']));
    await put(join(folder, 'package.json'), JSON.stringify({ name: 'planted', type: 'module', imports, dependencies }));
    for (const plant of plants) {
      const { file, target, typeOnly } = plant;
      if (!target.startsWith('node:') && !target.includes('missing')) await putTarget(folder, plant, imports);
      const line = typeOnly ? `import type { it } from '${target}';\nexport type It = typeof it;\n` : '';
      await put(join(folder, file), line || `import { it } from '${target}';\nexport const use = it;\n`);
    }
    return await cruise(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
