import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = new URL('../../', import.meta.url);
const read = (file: string): Promise<string> => readFile(new URL(file, root), 'utf8');

const Names = z.record(z.string(), z.string()).default({});
const Manifest = z.object({ dependencies: Names, optionalDependencies: Names, devDependencies: Names });
const Locked = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().default(false),
});
const Lock = z.object({ packages: z.record(z.string(), z.unknown()) });

const manifest = Manifest.parse(JSON.parse(await read('package.json')));
const { packages } = Lock.parse(JSON.parse(await read('package-lock.json')));
const page = await read('docs/dependencies.md');
const direct = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies });

/** Cells of the page's tables, headings left out. */
const rows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
const named = (cell: string | undefined): readonly string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

const [justified = '', installed = ''] = page.split('## How they come in');

describe('dependencies', () => {
  it('SEC-27: each direct one is named with its place and its reason, and nothing else is', () => {
    const reasons = new Map(
      rows(justified).flatMap(([name, ...rest]) => named(name).map((one) => [one, rest] as const)),
    );
    expect([...reasons.keys()].sort()).toEqual([...direct].sort());
    for (const [name, [place, why]] of reasons) {
      expect(place?.length, name).toBeGreaterThan(3);
      expect(why?.length, name).toBeGreaterThan(10);
    }
  });

  it('SEC-27: the lock file is in step with the manifest, and fixes a checksum of every package', () => {
    expect(Manifest.parse(packages[''])).toEqual(manifest);
    const loose = Object.entries(packages)
      .filter(([path]) => path !== '')
      .filter(([, entry]) => !/^sha512-/.test(Locked.parse(entry).integrity ?? ''))
      .map(([path]) => path);
    expect(loose).toEqual([]);
    for (const name of direct) expect(packages, name).toHaveProperty([`node_modules/${name}`]);
  });

  it('SEC-27: no install script runs, and each package that has one is written down with what goes without it', async () => {
    expect((await read('.npmrc')).split('\n')).toContain('ignore-scripts=true');
    const withScript = Object.entries(packages)
      .filter(([path, entry]) => path !== '' && Locked.parse(entry).hasInstallScript)
      .map(([path]) => path.split('node_modules/').at(-1) ?? path);
    const decided = rows(installed).flatMap(([names]) => named(names));
    expect([...decided].sort()).toEqual([...new Set(withScript)].sort());
  });

  it('axios is pinned to one version exactly', () => {
    expect(manifest.dependencies.axios).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
